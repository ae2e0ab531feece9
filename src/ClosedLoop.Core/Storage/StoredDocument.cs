namespace ClosedLoop.Storage;

/// <summary>
/// A small text that a part of the system keeps beside the record under a name of its own: an open incident, a sink's cursor. It is no
/// evidence and no item depends on it; a rebuild leaves it alone.
/// </summary>
/// <param name="Name">Its name: <c>area/rest</c>, 1 to 512 printable ASCII characters without spaces; unique.</param>
/// <param name="Body">The text, as a rule JSON; at most 1 MB.</param>
/// <param name="Version">1 when it is new, one more with every change.</param>
public sealed record StoredDocument(string Name, string Body, long Version);
