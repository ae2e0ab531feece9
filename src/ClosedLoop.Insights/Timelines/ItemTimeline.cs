using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Timelines;

/// <summary>
/// The life of one item by the clocks of the sources, from its part of the transition log. Pure: the same log gives the same timeline, and late evidence stands where it happened.
/// </summary>
/// <remarks>
/// Changes count from when they happened, or from when they were recorded where no source says. Two changes of one gate never change places: what was
/// recorded later counts from the instant of the one before at the earliest, so the end of the timeline is always what the record says now. An item waits at the first gate that does not hold and that DONE needs, or
/// that no later gate has overtaken.
/// </remarks>
public sealed record ItemTimeline
{
    /// <summary>When it was opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Where it waited, in order. Those with <see cref="Visit.IsOpen"/> cover exactly the time during which it was open.</summary>
    public required IReadOnlyList<Visit> Visits { get; init; }

    /// <summary>When it became open, done or abandoned, in order; the first is <see cref="TurnKind.Opened"/>.</summary>
    public required IReadOnlyList<Turn> Turns { get; init; }

    /// <summary>When its pull request was first known to be open.</summary>
    public DateTimeOffset? PullRequestOpenedAt { get; init; }

    /// <summary>When it was first merged.</summary>
    public DateTimeOffset? MergedAt { get; init; }

    /// <summary>When the merge that holds now came to hold; null when it is not merged now.</summary>
    public DateTimeOffset? MergedSince { get; init; }

    /// <summary>When it was first done, as the evidence says, even if that is before it was opened; null when it never was.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Whether it is open now.</summary>
    public bool IsOpen => Turns[^1].Opens;

    /// <summary>Whether it is done now.</summary>
    public bool IsDone => Turns[^1].Kind is TurnKind.Done or TurnKind.DoneAgain;

    /// <summary>
    /// Reads it from the log of one item.
    /// </summary>
    /// <param name="transitions">All of the item's transitions up to some place, in the order of the log.</param>
    /// <param name="pipeline">Its pipeline.</param>
    /// <returns>The timeline; null when the log does not open the item, or it gave way to another one.</returns>
    public static ItemTimeline? Of(IEnumerable<Transition> transitions, PipelineDefinition pipeline)
    {
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentNullException.ThrowIfNull(pipeline);
        var life = new List<Transition>();
        foreach (var transition in transitions)
        {
            if (transition.Kind == TransitionKind.Replaced) life.Clear();
            else life.Add(transition);
        }
        return life.Find(static t => t.Kind == TransitionKind.Opened) is { } opened ? new TimelineFold(opened, pipeline).Fold(life) : null;
    }
}
