using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Causes;

/// <summary>What holds items up. Two items with equal causes wait for the same thing.</summary>
internal sealed record Cause(string Kind, string Key)
{
    public string? Gate { get; init; }

    public string? Repository { get; init; }

    public string? Branch { get; init; }

    public string? Environment { get; init; }

    public string? Source { get; init; }

    public static Cause OfLine(string repository, string? branch, string gate) =>
        new(CauseKinds.Line, $"{CauseKinds.Line}:{repository}{(branch is null ? "" : "@" + branch)}/{gate}") { Repository = repository, Branch = branch, Gate = gate };

    public static Cause OfEnvironment(string environment, string gate, string? repository) =>
        new(CauseKinds.Environment, $"{CauseKinds.Environment}:{environment}/{gate}") { Environment = environment, Gate = gate, Repository = repository };

    public static Cause OfGate(string kind, string gate, string? repository) =>
        new(kind, $"{kind}:{gate}/{repository ?? "-"}") { Gate = gate, Repository = repository };

    public static Cause OfSource(string source) => new(CauseKinds.Source, $"{CauseKinds.Source}:{source}") { Source = source };

    public static Cause OfSink(string sink) => new(CauseKinds.Sink, $"{CauseKinds.Sink}:{sink}") { Source = sink };

    public static Cause OfWip(string pipeline) => new(CauseKinds.RisingWip, $"{CauseKinds.RisingWip}:{pipeline}");
}
