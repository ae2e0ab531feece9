namespace ClosedLoop.Alerting.Sinks;

/// <summary>A sink's name that is taken.</summary>
internal sealed record SinkName(string Value);
