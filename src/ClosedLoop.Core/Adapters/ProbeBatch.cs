using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters;

/// <summary>What to read from one source.</summary>
public sealed record ProbeBatch
{
    /// <summary>The name of the adapter.</summary>
    public required string Source { get; init; }

    /// <summary>Known subjects to read again (pull requests, landings, builds, images, deployments); only of the adapter's schemes.</summary>
    public ImmutableArray<Key> Keys { get; init; } = [];

    /// <summary>
    /// When set, also list what changed since then, known or not: this finds what a lost webhook would have announced.
    /// Null: only <see cref="Keys"/>.
    /// </summary>
    public DateTimeOffset? SweepSince { get; init; }

    /// <summary>
    /// Lines whose history has a hole: answer with <see cref="ProbeResult.History"/> from <see cref="LineGap.From"/> backwards along first
    /// parents (one page, about 100 commits, is enough: what is still missing is asked for again), and with the branch's head as a fact
    /// of kind <see cref="FactKinds.Head"/>. Empty unless the adapter says that it <see cref="AdapterRegistration.ReadsLines"/>.
    /// </summary>
    public ImmutableArray<LineGap> Lines { get; init; } = [];

    /// <summary>
    /// The most that this probe may take of <see cref="AdapterRegistration.CallsPerHour"/>. A probe that needs more stops before it, with what it has
    /// read, as <see cref="ProbeOutcome.RateLimited"/> without <see cref="ProbeResult.RetryAt"/>: it is asked again when there is more.
    /// </summary>
    public int Allowance { get; init; } = int.MaxValue;

    /// <summary>The instant of the probe.</summary>
    public required DateTimeOffset At { get; init; }
}
