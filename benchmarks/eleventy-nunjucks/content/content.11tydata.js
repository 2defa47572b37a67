// Pages that are made of others are in no collection.
export default { eleventyExcludeFromCollections: true };
