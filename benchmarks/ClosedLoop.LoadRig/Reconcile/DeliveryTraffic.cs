namespace ClosedLoop.LoadRig.Reconcile;

/// <summary>
/// What happens in the simulated GitHub, from one seed: pull requests are opened, approved and merged, and checks of their landings end.
/// Remembers what was true since when, so that the record's delay can be measured.
/// </summary>
internal sealed class DeliveryTraffic
{
    private readonly Random _dice;
    private readonly List<SimulatedRepository> _repositories;
    private readonly List<SimulatedPull> _open = [];
    private readonly List<SimulatedPull> _approved = [];
    private readonly PriorityQueue<(SimulatedRepository Repository, SimulatedCommit Commit), DateTimeOffset> _checks = new();
    private readonly double _perSecond;
    private DateTimeOffset _next;
    private int _items;

    public DeliveryTraffic(List<SimulatedRepository> repositories, int open, int mergesPerHour, DateTimeOffset start, int seed)
    {
        _dice = new Random(seed);
        _repositories = repositories;
        // Each delivery is opened, approved and merged.
        _perSecond = mergesPerHour * 3 / 3600.0;
        foreach (var repository in repositories) repository.Land(start.AddDays(-3)).GreenAt = start.AddDays(-3).AddMinutes(10);
        for (int i = 0; i < open; i++)
        {
            var pull = Open(repositories[i % repositories.Count], start.AddMinutes(-_dice.Next(60, 60 * 48)));
            if (i % 2 == 0) continue;
            _open.Remove(pull);
            pull.Review(pull.OpenedAt.AddMinutes(30));
            _approved.Add(pull);
        }
        foreach (var repository in repositories) repository.ByUpdate.Sort(static (a, b) => a.UpdatedAt.CompareTo(b.UpdatedAt));
        Truth.Clear();
        _next = start;
    }

    /// <summary>What became true of an item's gate, and when; in whole seconds, as GitHub tells it.</summary>
    public Dictionary<(string Item, string Gate), DateTimeOffset> Truth { get; } = [];

    public IEnumerable<SimulatedPull> Pulls => _repositories.SelectMany(static r => r.Pulls.Values);

    /// <summary>Lets everything happen up to an instant.</summary>
    public void RunTo(DateTimeOffset now)
    {
        while (true)
        {
            bool checkFirst = _checks.TryPeek(out var check, out var ends) && ends <= _next;
            var at = checkFirst ? ends : _next;
            if (at > now) return;
            if (checkFirst)
            {
                _checks.Dequeue();
                End(check.Repository, check.Commit, at);
                continue;
            }
            Happen(Second(at));
            _next = at.AddSeconds(-Math.Log(1 - _dice.NextDouble()) / _perSecond);
        }
    }

    private void Happen(DateTimeOffset at)
    {
        switch (_dice.Next(3))
        {
            case 0:
                Open(_repositories[_dice.Next(_repositories.Count)], at);
                break;
            case 1 when Take(_open) is { } pull:
                pull.Review(at);
                pull.Repository.Touch(pull);
                _approved.Add(pull);
                Truth[(pull.Item, Gates.Reviewed)] = at;
                break;
            case 2 when Take(_approved) is { } pull:
                var landing = pull.Repository.Land(at);
                pull.Merge(at, landing);
                pull.Repository.Touch(pull);
                Truth[(pull.Item, Gates.Merged)] = at;
                var ends = Second(at.AddMinutes(5 + (15 * _dice.NextDouble())));
                _checks.Enqueue((pull.Repository, landing), ends);
                break;
        }
    }

    // A green commit answers for those before it.
    private void End(SimulatedRepository repository, SimulatedCommit commit, DateTimeOffset at)
    {
        commit.GreenAt = at;
        int place = repository.Places[commit.Sha];
        foreach (var pull in repository.Pulls.Values)
            if (pull.Landing is { } landing && repository.Places[landing.Sha] <= place)
                Truth.TryAdd((pull.Item, Gates.MainCi), at);
    }

    private SimulatedPull Open(SimulatedRepository repository, DateTimeOffset at)
    {
        var pull = new SimulatedPull(repository, repository.Pulls.Count + 1, $"BL-{++_items}", Second(at));
        repository.Pulls.Add(pull.Number, pull);
        repository.ByUpdate.Add(pull);
        _open.Add(pull);
        Truth[(pull.Item, Gates.PrOpened)] = pull.OpenedAt;
        return pull;
    }

    private SimulatedPull? Take(List<SimulatedPull> from)
    {
        if (from.Count == 0) return null;
        int index = _dice.Next(from.Count);
        var pull = from[index];
        from[index] = from[^1];
        from.RemoveAt(from.Count - 1);
        return pull;
    }

    private static DateTimeOffset Second(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
