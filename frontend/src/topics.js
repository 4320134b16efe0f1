// What boards and lists share: whose topics concern them, and addresses of what has changed.
export const topicIs = (topic, type) => topic.split(".")[0] === `t${type}`;

export function withIds(address, ids) {
  const url = new URL(address, location.href);
  url.searchParams.set("ids", ids.join(","));
  return url;
}
