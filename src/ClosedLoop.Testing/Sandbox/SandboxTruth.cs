using ClosedLoop.Facts;

namespace ClosedLoop.Testing.Sandbox;

/// <summary>
/// The ground truth of a simulated world: an append-only log of how things really are, written at the instant of each change and
/// before any webhook or answer tells of it. The record is judged against it by <see cref="TruthComparison"/>.
/// </summary>
/// <remarks>Safe from several threads. A gate that the log does not mention is <see cref="GateStatus.Waiting"/>.</remarks>
public sealed class SandboxTruth
{
    private readonly Lock _lock = new();
    private readonly List<TruthChange> _changes = [];
    private readonly Dictionary<string, Dictionary<string, List<TruthChange>>> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TruthLanding> _landings = new(StringComparer.Ordinal);

    /// <summary>Everything that has happened so far, oldest first.</summary>
    public IReadOnlyList<TruthChange> Changes
    {
        get
        {
            lock (_lock) return [.. _changes];
        }
    }

    /// <summary>The ids of the items that exist.</summary>
    public IReadOnlyList<string> Items
    {
        get
        {
            lock (_lock) return [.. _items.Keys];
        }
    }

    /// <summary>Appends a change. A status that is already so is not a change and is left out.</summary>
    /// <param name="itemId">The item's id.</param>
    /// <param name="gate">The gate.</param>
    /// <param name="status">The status from now on.</param>
    /// <param name="at">Now. A clock that was set back does not turn the log back: such a change counts from the log's last instant.</param>
    public void Record(string itemId, string gate, GateStatus status, DateTimeOffset at)
    {
        ArgumentException.ThrowIfNullOrEmpty(itemId);
        ArgumentException.ThrowIfNullOrEmpty(gate);
        lock (_lock)
        {
            if (!_items.TryGetValue(itemId, out var gates)) _items[itemId] = gates = new(StringComparer.Ordinal);
            if (!gates.TryGetValue(gate, out var history)) gates[gate] = history = [];
            if ((history.Count == 0 ? GateStatus.Waiting : history[^1].Status) == status) return;
            if (_changes.Count > 0 && at < _changes[^1].At) at = _changes[^1].At;
            var change = new TruthChange(itemId, gate, status, at);
            _changes.Add(change);
            history.Add(change);
        }
    }

    /// <summary>Says how an item's change landed, or what released it; what was said of an earlier landing of it is replaced.</summary>
    /// <param name="itemId">The item's id.</param>
    /// <param name="landing">How it was.</param>
    public void Record(string itemId, TruthLanding landing)
    {
        ArgumentException.ThrowIfNullOrEmpty(itemId);
        ArgumentNullException.ThrowIfNull(landing);
        lock (_lock) _landings[itemId] = landing;
    }

    /// <summary>How an item's change landed last; null when it has not, or nothing is known of it.</summary>
    public TruthLanding? LandingOf(string itemId)
    {
        lock (_lock) return _landings.GetValueOrDefault(itemId);
    }

    /// <summary>How a gate of an item really was at an instant.</summary>
    public GateStatus StatusAt(string itemId, string gate, DateTimeOffset at)
    {
        lock (_lock)
        {
            if (!_items.TryGetValue(itemId, out var gates) || !gates.TryGetValue(gate, out var history)) return GateStatus.Waiting;
            int i = history.Count - 1;
            while (i >= 0 && history[i].At > at) i--;
            return i < 0 ? GateStatus.Waiting : history[i].Status;
        }
    }

    /// <summary>How every gate of every item is now.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, GateStatus>> Latest()
    {
        lock (_lock)
        {
            return _items.ToDictionary(
                static i => i.Key,
                static i => (IReadOnlyDictionary<string, GateStatus>)i.Value.Where(static g => g.Value.Count > 0)
                    .ToDictionary(static g => g.Key, static g => g.Value[^1].Status, StringComparer.Ordinal),
                StringComparer.Ordinal);
        }
    }
}
