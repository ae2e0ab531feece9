using System.Globalization;
using ClosedLoop.Testing.Sandbox.SourceHosts;

namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>What people do when something is broken: they open a pull request that repairs it, or one that reverts the change.</summary>
internal sealed class Repairs(WorldState world, WorldService service, ISourceHost host, ServiceLife life)
{
    private const double Reverted = 0.5;

    private readonly WorldDice _dice = new(world.Options.Seed, "repairs/" + service.Line.Repository);
    private readonly HashSet<WorldChange> _seen = [];
    private int _count;

    /// <summary>Whether builds of a commit are red for a reason.</summary>
    public bool IsBroken(WorldCommit commit) => service.Changes.Any(c => c.Plan.BreaksMain && c.IsIn(commit) && c.Repair?.IsIn(commit) != true);

    public void MainIsRed(WorldCommit commit)
    {
        foreach (var change in service.Changes.Where(c => c.Plan.BreaksMain && c.IsIn(commit)).ToList()) Repair(change);
    }

    /// <summary>Finds a change that came with a bad version and has it repaired; null when nothing but unknown commits came with it.</summary>
    public WorldChange? Blame(WorldCommit good, WorldCommit bad)
    {
        var suspects = service.Changes.Where(c => c.IsIn(bad) && !c.IsIn(good)).ToList();
        if (suspects.Count == 0) return null;
        var culprit = suspects[_dice.Pick(suspects.Count)];
        Repair(culprit);
        return culprit;
    }

    /// <summary>Opens a pull request that reverts a change, unless there is one.</summary>
    /// <param name="change">What to revert: a change that has landed, or a revert of one.</param>
    /// <param name="reappliedAfter">When, after it has landed, the revert is itself reverted; null: never.</param>
    public void Revert(WorldChange change, TimeSpan? reappliedAfter)
    {
        if (change.IsBeingReverted) return;
        change.IsBeingReverted = true;
        string title = change.Plan.Reverts is { } original ? $"Reapply \"{original.Plan.Title}\"" : $"Revert \"{change.Plan.Title}\"";
        var plan = Plan(title, string.Create(CultureInfo.InvariantCulture, $"revert-{change.Pull.Number}-{change.Plan.Branch}"));
        Start(plan with { Link = ChangeLink.None, Reverts = change, ReappliedAfter = reappliedAfter });
    }

    private void Repair(WorldChange change)
    {
        if (!_seen.Add(change)) return;
        if (_dice.Chance(Reverted) && !change.IsBeingReverted && change.Plan is { Reverts: null, Repairs: null })
        {
            Revert(change, null);
            return;
        }
        var plan = Plan($"Repair what #{change.Pull.Number} broke", string.Create(CultureInfo.InvariantCulture, $"repair/{change.Pull.Number}"));
        Start(plan with { Link = ChangeLink.Trailer, WorkItem = string.Create(CultureInfo.InvariantCulture, $"FIX-{service.Line.Repository.Split('/')[1]}-{_count}"), Repairs = change });
    }

    private void Start(ChangePlan plan) => new ChangeJourney(world, host, life, plan).Plan();

    private ChangePlan Plan(string title, string branch) => new()
    {
        OpensAfter = _dice.Between(300, 700),
        Repository = service.Line.Repository,
        Link = ChangeLink.None,
        Title = title,
        Branch = branch,
        Author = "builder-1",
        Reviewer = "reviewer-1",
        HeadSha = WorldDice.Sha(string.Create(CultureInfo.InvariantCulture, $"repair/{world.Options.Seed}/{service.Line.Repository}/{++_count}")),
        ReviewedAfter = _dice.Between(700, 1_200),
        End = _dice.Chance(0.5) ? ChangeEnd.Squash : ChangeEnd.Merge,
        EndsAfter = _dice.Between(900, 1_400),
    };
}
