import { readFile } from 'node:fs/promises';
import { configurationReference, configurationSchema } from '@distributed-architecture/core';

const HEAD = `# Configuration

All keys of \`config/distributed_architecture.yaml\`. Made by \`npm run docs\` from the classes that check the file.

Durations are seconds (fractions allowed) or text such as \`500ms\`, \`2m\`, \`1h\`. \`\${NAME}\` and \`\${NAME:-default}\` come from the environment, \`$$\` is a dollar
sign; within \`{ }\` and \`[ ]\` YAML wants quotes around them. Unknown keys are errors.

\`config:dump-reference\` prints a file with all of them, \`config:check\` says what is wrong with yours, \`config:show\` prints it with the defaults (\`***\` for what
may be secret: \`env\`, \`passphrase_env\`, parameters with names such as \`password\`, \`token\`, \`apiKey\`, passwords in URLs). Editors complete and check it by its JSON
Schema, which \`config:schema\` prints, too:

\`\`\`yaml
# yaml-language-server: $schema=../node_modules/@distributed-architecture/core/schema/distributed_architecture.schema.json
\`\`\`

`;

const START = '<!-- reference -->';
const END = '<!-- /reference -->';

/** The generated texts by the path of their file: all of docs/configuration.md and of the JSON Schema, a part of the README. */
export async function generatedTexts(): Promise<ReadonlyMap<string, string>> {
  const reference = await configurationReference();
  const readme = await readFile('README.md', 'utf8');
  return new Map([
    ['docs/configuration.md', HEAD + reference],
    ['packages/core/schema/distributed_architecture.schema.json', await configurationSchema()],
    ['README.md', withReference(readme, supportedSections(reference))],
  ]);
}

function withReference(readme: string, reference: string): string {
  const [before = '', rest = ''] = readme.split(START);
  return `${before}${START}\n\n${reference}\n\n${END}${rest.split(END)[1] ?? ''}`;
}

/** What this version does not support would only be in the way of a first look. */
function supportedSections(reference: string): string {
  return reference
    .split(/^(?=### )/mu)
    .map((section) => section.split('\n'))
    .filter(([, , description = '']) => !description.includes('Not supported yet'))
    .map((lines) =>
      lines
        .filter((line) => !line.includes('Not supported yet'))
        .join('\n')
        .trim(),
    )
    .join('\n\n');
}
