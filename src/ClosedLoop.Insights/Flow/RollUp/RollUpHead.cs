namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>What the roll-up stores of itself: how far it read, and which parts it consists of, so that a reader reads only those that changed.</summary>
internal sealed record RollUpHead
{
    /// <summary>A roll-up of another format is begun again.</summary>
    public const int CurrentFormat = 1;

    public int Format { get; init; } = CurrentFormat;

    public long Through { get; init; }

    public DateTimeOffset At { get; init; }

    public bool IsCatchingUp { get; init; }

    /// <summary>The documents of the parts, with their versions.</summary>
    public SortedDictionary<string, long> Parts { get; init; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, PipelineMarks> Pipelines { get; init; } = new(StringComparer.Ordinal);
}
