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

    public readonly GateView ToView() => new()
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
}
