const MAX_LENGTH = 249;
const LEGAL = /^[a-zA-Z0-9._-]+$/;

/** What is wrong with a topic's name, or null. The rules of Kafka's Topic.validate. */
export function topicNameProblem(name: string): string | null {
  if (name.length === 0) return 'the topic name is empty';
  if (name === '.' || name === '..') return `the topic name cannot be "${name}"`;
  if (name.length > MAX_LENGTH)
    return `the topic name is ${name.length} characters long, more than ${MAX_LENGTH}`;
  if (!LEGAL.test(name))
    return 'the topic name has characters other than ASCII letters, digits, ".", "_" and "-"';
  return null;
}
