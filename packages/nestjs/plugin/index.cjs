exports.before = () => (node) => node;
