using ClosedLoop.Facts;

namespace ClosedLoop.Testing.Sandbox;

/// <summary>How one gate of one item went, as the truth or as the record tells it. Waiting before the first point.</summary>
internal sealed class GateTimeline
{
    private readonly List<Point> _points = [];

    public IReadOnlyList<Point> Points => _points;

    public GateStatus Final => _points.Count == 0 ? GateStatus.Waiting : _points[^1].Status;

    public void Add(DateTimeOffset at, GateStatus status, DateTimeOffset? evidenceAt = null) => _points.Add(new Point(at, status, evidenceAt));

    public GateStatus At(DateTimeOffset instant)
    {
        int i = _points.Count - 1;
        while (i >= 0 && _points[i].At > instant) i--;
        return i < 0 ? GateStatus.Waiting : _points[i].Status;
    }

    /// <summary>Whether it was passed at some instant from one to another, both included.</summary>
    public bool WasPassedWithin(DateTimeOffset from, DateTimeOffset to) =>
        At(from) == GateStatus.Passed || _points.Exists(p => p.Status == GateStatus.Passed && p.At >= from && p.At <= to);

    /// <summary>When it first came to pass after an instant, or null.</summary>
    public DateTimeOffset? NextPassAfter(DateTimeOffset instant)
    {
        foreach (var point in _points)
            if (point.At > instant && point.Status == GateStatus.Passed)
                return point.At;
        return null;
    }

    /// <param name="At">When it changed.</param>
    /// <param name="Status">The status from then on.</param>
    /// <param name="EvidenceAt">For the record: when its evidence says that it happened.</param>
    public readonly record struct Point(DateTimeOffset At, GateStatus Status, DateTimeOffset? EvidenceAt);
}
