# The first process of a host, in namespaces of its own: gives it a disk, a name and an address, then lives as long as
# its standard input. When it ends the kernel ends all that runs there, and takes away its mounts and its network.
# Arguments: name, size of the disk in bytes, folder with the files of the host, home, address with prefix, folders of
# this machine that are seen there as well.
set -e
name=$1 size=$2 folder=$3 home=$4 address=$5
shift 5

hostname "$name"
# Cgroups are named by process ids, which are not unique over hosts; no cgroup is mounted on most of the others either.
umount --all --lazy --types cgroup2 || true

disk=$folder/disk
mount -t tmpfs -o "size=$size,mode=0755" disk "$disk"
mkdir -p -m 0700 "$disk$home"
mkdir -p -m 1777 "$disk/tmp"
mkdir -p "$disk/run/sshd"
[ ! -d "$folder/home" ] || cp -a "$folder/home/." "$disk$home"

# What is shown though it lies below one of the folders that are covered.
for shown in "$@"; do
  case $shown in
  "$home"/* | /run/* | /tmp/*) mkdir -p "$disk$shown" && mount --bind "$shown" "$disk$shown" ;;
  esac
done
for file in hosts passwd; do
  mount --bind "$folder/$file" "/etc/$file"
done

# Nothing of the machine can be changed from here but the disk.
mount -o remount,bind,ro /
for covered in "$home" /run /tmp; do
  mount --rbind "$disk$covered" "$covered"
done
for shown in "$@"; do
  case $shown in
  "$home"/* | /run/* | /tmp/*) mount -o remount,bind,ro "$shown" ;;
  esac
done

echo 'has its folders'
read -r _
ip -batch - <<NETWORK
link set lo up
address add $address dev eth0
link set eth0 up
NETWORK
echo 'has its network'

# The kernel forgets the ended processes that nobody waits for; a shell's `read` would end with the first of them.
exec env --ignore-signal=CHLD cat
