namespace ClosedLoop.LoadRig;

/// <summary>An option of a scenario, <c>--name value</c>.</summary>
internal sealed record Option(string Name, string Default, string Meaning);
