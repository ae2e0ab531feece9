namespace ClosedLoop.Storage;

/// <summary>A row of the line index: a sorted map from text to text in which the engine keeps lines, marks and coverage.</summary>
/// <param name="Key">The key; rows are in the order of their keys' UTF-16 code units, which for these keys is the order of their UTF-8 bytes.</param>
/// <param name="Value">The value.</param>
public readonly record struct IndexEntry(string Key, string Value);
