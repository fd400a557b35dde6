import { writeFile } from 'node:fs/promises';
import { generatedTexts } from './generated.js';

for (const [path, text] of await generatedTexts()) await writeFile(path, text);
