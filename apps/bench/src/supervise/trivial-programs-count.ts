export const COUNT = 50;
