/** Answers each message with the number in it. Ends with the channel. */
process.on('message', (item: { readonly id: number }) => process.send!(item.id));
