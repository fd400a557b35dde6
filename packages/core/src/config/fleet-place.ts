/** What of a configuration says where its master is found. */
export interface FleetPlace {
  /** Undefined: the file has none. */
  readonly name?: string;
  /** Folder of the pid file, absolute. Undefined: the file has none. */
  readonly pidPath?: string;
}
