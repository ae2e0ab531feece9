namespace ClosedLoop.Storage;

/// <summary>A change of the line index.</summary>
/// <param name="Key">The key: printable characters and tabs, no surrogates.</param>
/// <param name="Value">The new value; null removes the row.</param>
public readonly record struct IndexChange(string Key, string? Value);
