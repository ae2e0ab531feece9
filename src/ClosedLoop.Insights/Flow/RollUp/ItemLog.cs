using ClosedLoop.Storage;

namespace ClosedLoop.Insights.Flow.RollUp;

/// <summary>One item's part of the transition log, without the texts for people.</summary>
internal sealed class ItemLog
{
    // An item that flaps for ever must not make each of its changes dearer: its beginning and its newest changes say enough.
    private const int KeptFirst = 500;
    private const int KeptLast = 1_500;

    private readonly List<Transition> _changes = [];

    public IReadOnlyList<Transition> Changes => _changes;

    /// <summary>The pipeline that it was last counted under; null when it was not.</summary>
    public string? Pipeline { get; set; }

    public bool IsMigrated { get; set; }

    public void Add(Transition change)
    {
        _changes.Add(change with { Detail = null, Evidence = null });
        if (_changes.Count > KeptFirst + KeptLast) _changes.RemoveAt(KeptFirst);
    }
}
