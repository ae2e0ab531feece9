using System.Collections.Immutable;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>What the log says of one pipeline beside counts: when it began, and by which DONE definitions completions were judged.</summary>
internal sealed record PipelineMarks
{
    public required DateTimeOffset Began { get; init; }

    /// <summary>Each definition from its first completion on, in the order of the log; the oldest are forgotten beyond 100.</summary>
    public ImmutableArray<DoneMark> Definitions { get; init; } = [];

    public PipelineMarks Completed(string definition, DateTimeOffset at)
    {
        const int Kept = 100;
        if (!Definitions.IsEmpty && Definitions[^1].Definition == definition) return this;
        var all = Definitions.Add(new DoneMark(definition, at));
        return this with { Definitions = all.Length > Kept ? all.RemoveAt(0) : all };
    }

    internal readonly record struct DoneMark(string Definition, DateTimeOffset At);
}
