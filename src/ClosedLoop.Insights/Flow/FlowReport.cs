namespace ClosedLoop.Insights.Flow;

/// <summary>How work flows, over all pipelines and environments.</summary>
public sealed record FlowReport
{
    /// <summary>When the report was read; ages are up to this instant.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When the roll-up last took something in, or found nothing new; null when it never ran: then nothing is known, which is not the same as nothing happened.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>The place in the transition log up to which everything is in the report.</summary>
    public long Through { get; init; }

    /// <summary>Whether more of the log is known to be waiting: the report then shows the past up to <see cref="Through"/>, and figures will still change.</summary>
    public bool IsCatchingUp { get; init; }

    /// <summary>The pipelines, in the order of their configuration; then those that only history knows, by name.</summary>
    public IReadOnlyList<PipelineFlow> Pipelines { get; init; } = [];

    /// <summary>The environments that anything was deployed to, by name.</summary>
    public IReadOnlyList<EnvironmentFlow> Environments { get; init; } = [];
}
