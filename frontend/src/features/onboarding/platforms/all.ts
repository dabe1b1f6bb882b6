import { http } from './http.ts';
import { express, javascript, node, react, vue } from './javascript.ts';
import type { Platform } from './platform.ts';
import { django, fastapi, flask, python } from './python.ts';
import { aspNet, dotnet, go, java, laravel, php, rails, ruby, springBoot } from './servers.ts';

/** Languages first, in the order of how often they are chosen; the frameworks of each follow. */
export const platforms: readonly Platform[] = [
  javascript,
  node,
  python,
  php,
  ruby,
  go,
  java,
  dotnet,
  http,
  react,
  vue,
  express,
  django,
  flask,
  fastapi,
  laravel,
  rails,
  springBoot,
  aspNet,
];

export const platformOf = (id: string | null | undefined): Platform | undefined =>
  platforms.find((platform) => platform.id === id);

/** Those that fit what somebody typed; every word must be found. */
export const findPlatforms = (text: string): readonly Platform[] => {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return platforms.filter(({ id, name, words: known }) => {
    const hay = `${id} ${name} ${known}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
};
