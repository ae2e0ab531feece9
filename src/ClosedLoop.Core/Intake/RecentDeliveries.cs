using ClosedLoop.Storage;

namespace ClosedLoop.Intake;

/// <summary>
/// Deliveries that this process knows to be stored: most repetitions come soon after, and are answered without asking the store. Only a
/// saving: what is not here any more the store knows.
/// </summary>
/// <remarks>Safe for use by several threads.</remarks>
internal sealed class RecentDeliveries(TimeProvider time)
{
    /// <summary>At most twice as many are kept: some 4 MB.</summary>
    internal const int Kept = 10_000;

    /// <summary>None is kept for longer than twice this, so that what the store was told to forget is not known here for days.</summary>
    internal static readonly TimeSpan Age = TimeSpan.FromHours(1);

    private readonly Lock _lock = new();
    private HashSet<DeliveryId> _newest = [];
    private HashSet<DeliveryId> _older = [];
    private DateTimeOffset _since = time.GetUtcNow();

    public bool Contains(DeliveryId delivery)
    {
        lock (_lock)
        {
            Turn();
            return _newest.Contains(delivery) || _older.Contains(delivery);
        }
    }

    public void Add(IEnumerable<DeliveryId> stored)
    {
        lock (_lock)
        {
            foreach (var delivery in stored)
            {
                Turn();
                _newest.Add(delivery);
            }
        }
    }

    private void Turn()
    {
        var now = time.GetUtcNow();
        if (_newest.Count < Kept && now - _since < Age) return;
        (_older, _newest) = (now - _since < 2 * Age ? _newest : [], []);
        _since = now;
    }
}
