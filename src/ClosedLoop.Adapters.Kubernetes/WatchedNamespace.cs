namespace ClosedLoop.Adapters.Kubernetes;

/// <summary>One namespace of the settings.</summary>
internal sealed record WatchedNamespace(string Name, string Environment, string? LabelSelector);
