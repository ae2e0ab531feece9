using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Items;

/// <summary>A <see cref="GateView"/> while it is worked out. Each fold changes a part of it; the view itself is made once, of what comes out.</summary>
internal struct GateDraft(string gate)
{
    public string Gate { get; set; } = gate;

    public GateStatus Status { get; set; }

    public Reason Reason { get; set; }

    public string? Detail { get; set; }

    public Writer? Writer { get; set; }

    public DateTimeOffset? Since { get; set; }

    public DateTimeOffset? EligibleAt { get; set; }

    public DateTimeOffset? StartBy { get; set; }

    public DateTimeOffset? FinishBy { get; set; }

    public Evidence? Evidence { get; set; }

    public Key? Subject { get; set; }

    public string? Revision { get; set; }

    public CoverageView? Coverage { get; set; }

    public DateTimeOffset? SettlesAt { get; set; }

    public IReadOnlyList<Writer>? RefusedWriters { get; set; }

    public readonly bool Holds => Status is GateStatus.Passed or GateStatus.NotApplicable;

    public readonly bool HasEvidence => Writer is not null;

    /// <param name="known">A view that may say the same already, as those of most gates do when a fact concerns another one.</param>
    public readonly GateView ToView(GateView? known = null) => known is not null && IsSaidBy(known) ? known : new GateView
    {
        Gate = Gate,
        Status = Status,
        Reason = Reason,
        Detail = Detail,
        Writer = Writer,
        Since = Since,
        EligibleAt = EligibleAt,
        StartBy = StartBy,
        FinishBy = FinishBy,
        Evidence = Evidence,
        Subject = Subject,
        Revision = Revision,
        Coverage = Coverage,
        SettlesAt = SettlesAt,
        RefusedWriters = RefusedWriters,
    };

    // Whatever can be written differently is different.
    private readonly bool IsSaidBy(GateView view) =>
        Status == view.Status && Reason == view.Reason && Gate == view.Gate && Detail == view.Detail && Writer == view.Writer && Subject == view.Subject && Revision == view.Revision
        && IsSame(Since, view.Since) && IsSame(EligibleAt, view.EligibleAt) && IsSame(StartBy, view.StartBy) && IsSame(FinishBy, view.FinishBy) && IsSame(SettlesAt, view.SettlesAt)
        && IsSame(Evidence, view.Evidence) && Coverage == view.Coverage && RefusedWriters is null && view.RefusedWriters is null;

    private static bool IsSame(DateTimeOffset? one, DateTimeOffset? other) => one is { } a && other is { } b ? a.EqualsExact(b) : one.HasValue == other.HasValue;

    private static bool IsSame(Evidence? one, Evidence? other) =>
        ReferenceEquals(one, other) || (one is not null && other is not null && one.Label == other.Label && one.Url?.OriginalString == other.Url?.OriginalString);
}
