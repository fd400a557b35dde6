/** Answers each item with its number. Ends with the channel to its parent. */
import { Pull, Push } from 'zeromq';

const [itemsAddress, answersAddress] = process.argv.slice(2);
process.once('disconnect', () => process.exit(0));
const items = new Pull({ receiveHighWaterMark: 0 });
const answers = new Push({ sendHighWaterMark: 0, linger: 0 });
items.connect(itemsAddress!);
answers.connect(answersAddress!);
for (;;) {
  const [item] = await items.receive();
  const { id } = JSON.parse(item.toString()) as { readonly id: number };
  await answers.send(String(id));
}
