using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Simulation.Tests.World;

/// <summary>The facts of what the world shows. A webhook and a look at the same state give equal facts.</summary>
internal static class WorldFacts
{
    public const string Branch = "main";
    public const string Environment = "production";

    public static readonly Writer Scm = new(WriterRoles.SourceControl, "forge");
    public static readonly Writer Ci = new(WriterRoles.Ci, "builder");
    public static readonly Writer Scanner = new(WriterRoles.Ci, "scanner");
    public static readonly Writer Registry = new(WriterRoles.Registry, "store");
    public static readonly Writer Deployer = new(WriterRoles.Deployer, "cluster");
    public static readonly Writer Health = new(WriterRoles.Health, "cluster");

    public static ImmutableArray<Fact> Of(Change change)
    {
        var facts = ImmutableArray.CreateBuilder<Fact>();
        var (openedAt, open) = change.Opened[^1];
        bool closed = !open && change.MergedAt is null;
        facts.Add(Fact(Scm, change.Key, Gates.PrOpened, new Ordinal(change.Version), openedAt, closed ? GateStatus.Failed : GateStatus.Passed) with
        {
            Reason = closed ? Reason.Abandoned : Reason.None,
            Revision = change.Head,
            Links = change.NamedItem is { } item ? [Key.Item(item)] : [],
            Attributes = In(change.Repository).Add(FactAttributes.Branch, Branch),
        });
        foreach (var (reviewer, reviews) in change.Reviews)
        {
            var (at, status, head) = reviews[^1];
            facts.Add(Fact(Scm, Key.Review(change.Repository.Name, change.Number, reviewer), Gates.Reviewed, new Ordinal(reviews.Count), at, status) with { Name = reviewer, Revision = head, Links = [change.Key] });
        }
        if (change.MergedAt is not { } mergedAt) return facts.ToImmutable();
        facts.Add(Fact(Scm, change.Key, Gates.Merged, new Ordinal(1), mergedAt, GateStatus.Passed) with { Revision = change.OnLine[0].Sha });
        facts.Add(Landing(change));
        return facts.ToImmutable();
    }

    public static Fact Landing(Change change) => Fact(Scm, Commit(change.Repository, change.OnLine[0]), FactKinds.Landing, new Ordinal(1), change.OnLine[0].At, GateStatus.Passed) with
    {
        Revision = change.OnLine[0].Sha,
        Links = [change.Key],
        Attributes = In(change.Repository).Add(FactAttributes.Branch, Branch),
    };

    /// <summary>What a push says: the line's head, and what its message says of a revert.</summary>
    public static ImmutableArray<Fact> Pushed(Repository repository, LineCommit commit) => commit.Reverts is { } reverts ? [Head(repository, commit), Revert(repository, commit, reverts)] : [Head(repository, commit)];

    public static Fact Head(Repository repository, LineCommit commit) =>
        Fact(Scm, Key.Branch(repository.Name, Branch), FactKinds.Head, new Ordinal(commit.Position + 1), commit.At, GateStatus.Passed) with { Revision = commit.Sha, Attributes = In(repository) };

    public static Fact Revert(Repository repository, LineCommit commit, LineCommit reverts) => Fact(Scm, Commit(repository, commit), FactKinds.Revert, new Ordinal(1), commit.At, GateStatus.Passed) with
    {
        Attributes = In(repository).Add(FactAttributes.Branch, Branch).Add(FactAttributes.Reverts, Commit(repository, reverts).ToString()).Add(FactAttributes.How, "trailer"),
    };

    public static IEnumerable<CommitNode> Nodes(Repository repository, LineCommit commit)
    {
        string[] parent = commit.Position == 0 ? [] : [repository.Line[commit.Position - 1].Sha];
        string before = parent.Length == 0 ? "" : parent[0];
        foreach (string side in commit.Side)
        {
            yield return new CommitNode(repository.Name, side, [before]) { CommittedAt = commit.At };
            before = side;
        }
        yield return new CommitNode(repository.Name, commit.Sha, commit.Side.Count == 0 ? [.. parent] : [.. parent, commit.Side[^1]]) { CommittedAt = commit.At };
    }

    public static Fact Of(Repository repository, Build build, BuildState state) => Fact(Ci, BuildKey(repository, build), Gates.MainCi, state.Ordinal, state.At, state.Status) with
    {
        Reason = state.Reason,
        Name = "main",
        Revision = build.Commit.Sha,
        Attributes = In(repository),
        Links = [Commit(repository, build.Commit)],
        Detail = string.Create(CultureInfo.InvariantCulture, $"#{build.Number} {state.Status}"),
    };

    public static ImmutableArray<Fact> Of(Repository repository, Image image) =>
    [
        Fact(Registry, Key.Image(image.Index), Gates.ImageBuilt, new Ordinal(1), image.At, GateStatus.Passed) with { Name = "image", Revision = image.Index, Links = [Commit(repository, image.Commit)] },
        Fact(Registry, Key.Image(image.Platform), FactKinds.Link, new Ordinal(1), image.At) with { Links = [Key.Image(image.Index)] },
    ];

    public static Fact Scan(Repository repository, LineCommit commit, DateTimeOffset at, bool passed) =>
        Fact(Scanner, Key.Check(repository.Name, commit.Sha, "scan"), Truth.Scan, new Ordinal(commit.Position), at, passed ? GateStatus.Passed : GateStatus.Failed) with
        {
            Name = "scan",
            Revision = commit.Sha,
            Attributes = In(repository),
            Links = [Commit(repository, commit)],
        };

    public static Fact Of(Repository repository, Target target, Rollout rollout) => Fact(Deployer, Place(repository, target), Gates.RolledOut, rollout.Ordinal, rollout.At, rollout.Status) with
    {
        Name = target.Name,
        Environment = Environment,
        Revision = rollout.Images[0].Platform,
        Links = [.. rollout.Images.Select(static i => Key.Image(i.Platform))],
    };

    public static Fact Of(Repository repository, Target target, HealthCheck check) => Fact(Health, Place(repository, target), Gates.Healthy, check.Ordinal, check.At, check.Status) with
    {
        Name = target.Name,
        Environment = Environment,
        Revision = check.Image.Platform,
        Links = [Key.Image(check.Image.Platform)],
    };

    public static Key Commit(Repository repository, LineCommit commit) => Key.Commit(repository.Name, commit.Sha);

    public static Key BuildKey(Repository repository, Build build) => Key.Build(string.Create(CultureInfo.InvariantCulture, $"https://ci.example/job/{repository.Folder}/{build.Number}"));

    public static Key Place(Repository repository, Target target) => Key.Environment($"{Environment}/{repository.Folder}-{target.Name}");

    private static Fact Fact(Writer writer, Key subject, string kind, Ordinal ordinal, DateTimeOffset at, GateStatus status = GateStatus.Waiting) =>
        new() { Subject = subject, Kind = kind, Writer = writer, Ordinal = ordinal, OccurredAt = at, Status = status };

    private static ImmutableSortedDictionary<string, string> In(Repository repository) =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Repository, repository.Name);
}
