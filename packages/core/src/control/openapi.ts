import { packageVersion } from '../agent-channel/package-version.js';
import type { AnswerSchema, Parameter, Route } from './route.js';
import { reference, SCHEMAS } from './schemas.js';

type Json = Readonly<Record<string, unknown>>;

const WRONG: AnswerSchema = { description: 'The request is wrong', schema: 'Error' };
const MISDIRECTED: AnswerSchema = { description: 'Another master is meant', schema: 'Error' };

/** What a control socket answers, as an OpenAPI 3.1 document. */
export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method.toLowerCase()] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Control of a fleet',
      description: 'What a running master answers on its private unix socket, in its run directory',
      version: packageVersion(),
    },
    servers: [{ url: 'http://localhost', description: 'curl --unix-socket control.sock http://localhost/status' }],
    paths,
    components: { schemas: SCHEMAS },
  };
}

function operation(route: Route): Json {
  const { summary, method, path, parameters = {} } = route;
  const inPath = path.includes('{name}') ? [parameter('name', 'path', GROUP_NAME)] : [];
  const inQuery =
    method === 'GET' ? Object.entries(parameters).map(([name, each]) => parameter(name, 'query', each)) : [];
  return {
    operationId: operationId(route),
    summary,
    parameters: [...inPath, ...inQuery, MASTER_PID, ...(method === 'POST' ? [OPERATOR] : [])],
    ...(method === 'POST' && { requestBody: requestBody(parameters) }),
    responses: responses(route.answers),
  };
}

const GROUP_NAME: Parameter = {
  description: 'A group, encoded as in a URL',
  schema: { type: 'string' },
  required: true,
};

const OPERATOR: Json = {
  name: 'x-operator',
  in: 'header',
  description: 'Who asks, for the journal',
  schema: { type: 'string' },
};

const MASTER_PID: Json = {
  name: 'x-master-pid',
  in: 'header',
  description: 'Which master is meant: another one refuses',
  schema: { type: 'integer' },
};

function parameter(name: string, place: string, { description, schema, required = false }: Parameter): Json {
  return { name, in: place, description, schema, required };
}

function requestBody(parameters: Readonly<Record<string, Parameter>>): Json {
  const entries = Object.entries(parameters);
  const properties = Object.fromEntries(
    entries.map(([name, { description, schema }]) => [name, { ...schema, description }]),
  );
  const required = entries.filter((entry) => entry[1].required === true).map(([name]) => name);
  const schema = { type: 'object', properties, required, additionalProperties: false };
  return { required: required.length > 0, content: { 'application/json': { schema } } };
}

function responses(answers: Readonly<Record<number, AnswerSchema>>): Json {
  const all: Readonly<Record<string, AnswerSchema>> = { ...answers, 400: WRONG, 421: MISDIRECTED };
  return Object.fromEntries(
    Object.entries(all).map(([status, { description, schema, contentType = 'application/json' }]) => [
      status,
      { description, content: { [contentType]: schema === undefined ? {} : { schema: reference(schema) } } },
    ]),
  );
}

/** `getHealthReady`, `postGroupsScale`. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^a-z]+/).filter((word) => word !== '' && word !== 'name');
  return [method.toLowerCase(), ...words.map((word) => word[0]!.toUpperCase() + word.slice(1))].join('');
}
