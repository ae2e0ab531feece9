using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Simulation.Tests.Scheduling;

namespace ClosedLoop.Simulation.Tests.World;

/// <summary>
/// Repositories, and the agents, reviewers, CI and clusters that work on them. It knows nothing of ClosedLoop but the facts that its
/// three providers tell: each thing that happens is shown by a provider's API from then on, and announced once by a webhook.
/// </summary>
internal sealed partial class DeliveryWorld
{
    private readonly VirtualScheduler _scheduler;
    private readonly Dice _dice;
    private readonly Pace _pace;
    private readonly DateTimeOffset _lastItem;
    private readonly DateTimeOffset _end;
    private int _items;

    public DeliveryWorld(VirtualScheduler scheduler, Dice dice, Pace pace, int repositories, int targets, DateTimeOffset lastItem, DateTimeOffset end, TimeSpan keep)
    {
        (_scheduler, _dice, _pace, _lastItem, _end) = (scheduler, dice, pace, lastItem, end);
        Scm = new Source("forge", keep);
        Ci = new Source("builder", keep);
        Cluster = new Source("cluster", keep);
        string[] names = ["eu", "us"];
        for (int r = 0; r < repositories; r++)
        {
            string folder = string.Create(CultureInfo.InvariantCulture, $"r{r}");
            Repositories.Add(new Repository("acme/" + folder, folder, [.. names.Take(targets).Select(static n => new Target(n))]));
        }
    }

    public Source Scm { get; }

    public Source Ci { get; }

    public Source Cluster { get; }

    public IReadOnlyList<Source> Sources => [Scm, Ci, Cluster];

    public List<Repository> Repositories { get; } = [];

    public Dictionary<string, Item> Items { get; } = new(StringComparer.Ordinal);

    public Dictionary<Key, Change> Changes { get; } = [];

    /// <summary>Where each change landed first.</summary>
    public Dictionary<Key, (Repository Repository, LineCommit Commit)> Landings { get; } = [];

    /// <summary>From when on commits are scanned.</summary>
    public DateTimeOffset ScansFrom { get; set; } = DateTimeOffset.MaxValue;

    /// <summary>Set to hear what happens: the source that tells it, and what it tells.</summary>
    public Action<Source, Announcement> Announced { get; set; } = static (_, _) => { };

    /// <summary>Set to do what an agent asks of the record: to open an item, or to link a change to it.</summary>
    public Action<string, Change?> Asked { get; set; } = static (_, _) => { };

    public Action<string> Told { get; set; } = static _ => { };

    private DateTimeOffset Now => _scheduler.Now;

    /// <summary>The world as it is found: each repository with one commit that runs everywhere.</summary>
    public void Begin()
    {
        foreach (var repository in Repositories)
        {
            var first = new LineCommit(0, _dice.Hex(40), Now, []);
            repository.Line.Add(first);
            Show(Scm, repository, WorldFacts.Commit(repository, first), WorldFacts.Pushed(repository, first), [.. WorldFacts.Nodes(repository, first)], announce: false);
            var build = new Build(1, first);
            repository.Builds.Add(build);
            Show(repository, build, GateStatus.Passed, Reason.None, 2);
            var image = AddImage(repository, first);
            foreach (var target in repository.Targets)
            {
                Show(repository, target, GateStatus.Passed, 4, ++target.Generation, image);
                Show(repository, target, image, GateStatus.Passed);
            }
        }
        _scheduler.After(_dice.Wait(_pace.BetweenItems), OpenItem);
    }

    // ---- Work.

    private void OpenItem()
    {
        if (Now > _lastItem) return;
        _scheduler.After(_dice.Wait(_pace.BetweenItems), OpenItem);
        var repository = _dice.Pick(Repositories);
        // Some changes nobody has an item for.
        if (_dice.Chance(0.1))
        {
            Later(_pace.Step, () => OpenChange(repository, null, named: false));
            return;
        }
        var item = new Item(string.Create(CultureInfo.InvariantCulture, $"BL-{++_items}"), Now);
        Items.Add(item.Id, item);
        // An agent may speak of its item before or after its change is seen.
        if (_dice.Chance(0.85)) Asked(item.Id, null);
        else Later(_pace.Step * 4, () => Asked(item.Id, null), always: true);
        int changes = _dice.Chance(0.1) ? 2 : 1;
        for (int i = 0; i < changes; i++)
        {
            bool named = _dice.Chance(0.75);
            var where = i == 0 ? repository : _dice.Pick(Repositories);
            Later(_pace.Step, () => OpenChange(where, item, named));
        }
    }

    private void OpenChange(Repository repository, Item? item, bool named)
    {
        var change = new Change(repository, repository.Changes.Count + 1, _dice.Hex(40)) { NamedItem = named ? item?.Id : null, Item = named ? item?.Id : null };
        repository.Changes.Add(change);
        Changes.Add(change.Key, change);
        if (named) item!.Changes.Add(change);
        change.Opened.Add((Now, true));
        Show(change, "opened");
        if (!named && item is not null)
        {
            Later(_pace.Step * 2, () =>
            {
                change.Item = item.Id;
                item.Changes.Add(change);
                Asked(item.Id, change);
            }, always: true);
        }
        Later(_pace.Step, () => Review(change, 0));
    }

    private void Review(Change change, int round)
    {
        if (!change.IsOpen) return;
        switch (_dice.Next(10))
        {
            case 0 when _dice.Chance(_pace.Abandoned * 5):
                change.Opened.Add((Now, false));
                Show(change, "closed");
                if (_dice.Chance(0.3)) Later(_pace.Step * 2, () => Reopen(change));
                return;
            case 1 or 2 when round < 3:
                Say(change, "bob", GateStatus.Failed);
                Later(_pace.Step, () => Push(change, round));
                return;
            case 3 when round < 3:
                Say(change, "ann", GateStatus.Passed);
                Later(_pace.Step, () =>
                {
                    if (!change.IsOpen) return;
                    Say(change, "ann", GateStatus.Waiting);
                    Later(_pace.Step, () => Review(change, round + 1));
                });
                return;
            case 4:
                Later(_pace.Step, () => Merge(change));
                return;
            default:
                Say(change, "ann", GateStatus.Passed);
                if (change.Reviews.TryGetValue("bob", out var asked) && asked[^1].Status == GateStatus.Failed && _dice.Chance(0.7)) Say(change, "bob", _dice.Chance(0.5) ? GateStatus.Waiting : GateStatus.Passed);
                Later(_pace.Step, () => Merge(change));
                return;
        }
    }

    private void Push(Change change, int round)
    {
        if (!change.IsOpen) return;
        change.Head = _dice.Hex(40);
        Show(change, "pushed");
        Later(_pace.Step, () => Review(change, round + 1));
    }

    private void Reopen(Change change)
    {
        change.Opened.Add((Now, true));
        Show(change, "reopened");
        Later(_pace.Step, () => Review(change, 2));
    }

    private void Say(Change change, string reviewer, GateStatus status)
    {
        if (!change.Reviews.TryGetValue(reviewer, out var reviews)) change.Reviews[reviewer] = reviews = [];
        reviews.Add((Now, status, change.Head));
        Show(change, $"{reviewer} {status}");
    }

    private void Merge(Change change)
    {
        if (!change.IsOpen) return;
        string[] side = _dice.Chance(0.4) ? [.. Enumerable.Range(0, _dice.Between(1, 3)).Select(_ => _dice.Hex(40))] : [];
        change.MergedAt = Now;
        var commit = AddCommit(change.Repository, c => c with { Adds = change, Side = side });
        change.OnLine.Add(commit);
        Landings.Add(WorldFacts.Commit(change.Repository, commit), (change.Repository, commit));
        Show(change, "merged");
        Push(change.Repository, commit);
        if (_dice.Chance(_pace.Reverted)) Later(_pace.Build * 2, () => Revert(change));
    }

    private void Revert(Change change)
    {
        bool takes = change.OnLine.Count % 2 == 1;
        var commit = AddCommit(change.Repository, c => takes ? c with { Removes = change, Reverts = change.OnLine[^1] } : c with { Adds = change, Reverts = change.OnLine[^1] });
        change.OnLine.Add(commit);
        Push(change.Repository, commit);
        if (change.OnLine.Count < 4 && _dice.Chance(0.4)) Later(_pace.Build * 2, () => Revert(change));
    }

    private LineCommit AddCommit(Repository repository, Func<LineCommit, LineCommit> with)
    {
        var commit = with(new LineCommit(repository.Line.Count, _dice.Hex(40), Now, []));
        repository.Line.Add(commit);
        return commit;
    }

    private void Push(Repository repository, LineCommit commit)
    {
        Show(Scm, repository, WorldFacts.Commit(repository, commit), WorldFacts.Pushed(repository, commit), [.. WorldFacts.Nodes(repository, commit)]);
        Told($"{repository.Name} {commit.Position}={commit.Sha[..6]} {(commit.Reverts is { } r ? $"reverts {r.Position}" : $"brings {commit.Adds?.Key}")}");
        WantBuild(repository);
    }

    // What is asked for a while before the end does not happen after it.
    private void Later(TimeSpan mean, Action action, bool always = false)
    {
        var at = Now + _dice.Wait(mean);
        if (at < _end) _scheduler.At(at, action);
        else if (always) _scheduler.At(_end, action);
    }

    private void Show(Change change, string what)
    {
        change.Version++;
        Told($"{change.Key} {what}");
        Show(Scm, change.Repository, change.Key, WorldFacts.Of(change), []);
    }

    private void Show(Source source, Repository repository, Key subject, ImmutableArray<Fact> facts, ImmutableArray<CommitNode> history, bool announce = true, ImmutableArray<Fact>? announced = null)
    {
        repository.Instants.Add(Now);
        source.Show(new Shown(Now, subject, facts, history));
        if (announce) Announced(source, new Announcement(announced ?? facts, history, subject));
    }
}

/// <summary>What a webhook tells.</summary>
internal sealed record Announcement(ImmutableArray<Fact> Facts, ImmutableArray<CommitNode> History, Key Subject);
