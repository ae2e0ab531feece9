using System.Collections.Immutable;
using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Core.Tests.Lines.Support;

/// <summary>A repository with its branches, its CI and its images, as its sources report them. Commits and images have names; pull request n belongs to item BL-n.</summary>
internal sealed class TestRepository(LineWorld world, string name)
{
    private readonly Dictionary<string, string> _heads = new(StringComparer.Ordinal);
    private readonly List<CommitNode> _withheld = [];
    private int _runs;

    /// <summary>Whether the commits' parents are kept back, as if nobody had read the history yet; see <see cref="RevealAsync"/>.</summary>
    public bool HidesHistory { get; set; }

    /// <summary>A pull request lands on a branch as one commit.</summary>
    public Task LandAsync(int pull, string commit, double at, string branch = "main", int? item = null, string? merging = null, string[]? paths = null)
    {
        var landing = Landing(pull, commit, at, branch);
        if (paths is not null) landing = landing with { Attributes = ChangedPaths.Write(landing.Attributes, paths) };
        return PushAsync(commit, at, branch, null, merging, [Opened(pull, at, item ?? pull), Merged(pull, at, item ?? pull), landing]);
    }

    /// <summary>A commit of no pull request and no item lands on a branch, such as a merge of another branch.</summary>
    public Task PushAsync(string commit, double at, string branch = "main", string? onto = null, string? merging = null, params Fact[] facts)
    {
        string? parent = onto ?? _heads.GetValueOrDefault(branch);
        var node = new CommitNode(name, LineWorld.Sha(commit), [.. new[] { parent, merging }.OfType<string>().Select(LineWorld.Sha)]);
        _heads[branch] = commit;
        if (!HidesHistory) return world.TellAsync(at, [.. facts, Head(branch, at)], node);
        _withheld.Add(node);
        return world.TellAsync(at, [.. facts, Head(branch, at)]);
    }

    /// <summary>A branch is made at a commit, or pushed there by force.</summary>
    public Task ResetAsync(string branch, string commit, double at)
    {
        _heads[branch] = commit;
        return world.TellAsync(at, Head(branch, at));
    }

    /// <summary>The history that was kept back becomes known; of these commits, or all of it.</summary>
    public async Task RevealAsync(double at, params string[] commits)
    {
        var shown = _withheld.Where(n => commits.Length == 0 || commits.Any(c => LineWorld.Sha(c) == n.Sha)).ToArray();
        _withheld.RemoveAll(shown.Contains);
        await world.TellAsync(at, [], shown);
    }

    /// <summary>A pull request lands that says of itself that it reverts another one.</summary>
    public Task RevertAsync(int pull, string commit, double at, int of) =>
        PushAsync(commit, at, facts: [Opened(pull, at, pull), Merged(pull, at, pull), Landing(pull, commit, at, "main"), Undoes(Pull(pull), at, "pull-request", Pull(of))]);

    /// <summary>A pull request lands whose commit says that it reverts another commit, as <c>git revert</c> writes it.</summary>
    public Task RevertAsync(int pull, string commit, double at, string of) =>
        PushAsync(commit, at, facts: [Opened(pull, at, pull), Merged(pull, at, pull), Landing(pull, commit, at, "main"), Undoes(Commit(commit), at, "trailer", Commit(of))]);

    /// <summary>A look at the content shows that it went away with a commit that says nothing of it.</summary>
    public Task FindLostAsync(string commit, double at, params Key[] lost) => world.TellAsync(at, Undoes(Commit(commit), at, "lost", lost));

    /// <summary>A commit lands that has the content of another one: a cherry-pick, a rebase.</summary>
    public Task PickAsync(string commit, double at, string of, string branch, string? onto = null) => PushAsync(
        commit, at, branch, onto, null, Given.Of(Given.Scm, Commit(commit), FactKinds.Equivalent, at) with { Attributes = Attributes((FactAttributes.EquivalentTo, Commit(of).ToString()), (FactAttributes.Branch, branch), (FactAttributes.How, "patch")) });

    public Task<int> PassAsync(string commit, double at, string? job = null, int? run = null) => BuildAsync(commit, GateStatus.Passed, at, Reason.None, job, run);

    public Task<int> FailAsync(string commit, double at, string? job = null, int? run = null) => BuildAsync(commit, GateStatus.Failed, at, Reason.None, job, run);

    /// <summary>A run of a CI job at a commit says how it stands.</summary>
    /// <returns>The run's number.</returns>
    public async Task<int> BuildAsync(string commit, GateStatus status, double at, Reason reason = Reason.None, string? job = null, int? run = null)
    {
        int number = run ?? ++_runs;
        await world.TellAsync(at, Given.Built(number, job ?? name[(name.IndexOf('/') + 1)..], status, reason, at) with { Revision = LineWorld.Sha(commit), Links = [Commit(commit)], Attributes = Attributes((FactAttributes.Repository, name)) });
        return number;
    }

    /// <summary>An image is in the registry, made of a commit; null: its commit is not told.</summary>
    public Task ImageAsync(string image, double at, string? commit) => world.TellAsync(at, Image(image, at, commit is null ? [] : [Commit(commit)]));

    public Fact Image(string image, double at, params Key[] links) =>
        Given.Of(Given.Registry, Key.Image(LineWorld.Digest(image)), Gates.ImageBuilt, at, GateStatus.Passed, links: links) with { Revision = LineWorld.Digest(image), Ordinal = new Ordinal(0, 0, links.Length) };

    /// <summary>Somebody marks an image bad.</summary>
    public Task VetoAsync(string image, double at) => world.TellAsync(at, Given.Of(Given.Ann, Key.Image(LineWorld.Digest(image)), FactKinds.Veto, at, GateStatus.Failed));

    /// <summary>Somebody releases an image that was marked bad.</summary>
    public Task ReleaseAsync(string image, double at) => world.TellAsync(at, Given.Of(Given.Ann, Key.Image(LineWorld.Digest(image)), FactKinds.Veto, at, GateStatus.Passed));

    /// <summary>Tracking begins at a commit, for a branch or for an environment.</summary>
    public Task BaselineAsync(Key subject, string commit, double at) => world.TellAsync(
        at, Given.Of(Writer.Migration, subject, FactKinds.Baseline, at) with { Revision = LineWorld.Sha(commit), Attributes = Attributes((FactAttributes.Repository, name)) });

    public Key Commit(string commit) => Key.Commit(name, LineWorld.Sha(commit));

    public Key Pull(int number) => Key.PullRequest(name, number);

    public Fact Landing(int pull, string commit, double at, string branch) =>
        Given.Of(Given.Scm, Commit(commit), FactKinds.Landing, at, links: Pull(pull)) with { Revision = LineWorld.Sha(commit), Attributes = Attributes((FactAttributes.Branch, branch)) };

    public Fact Head(string branch, double at) => Given.Of(Given.Scm, Key.Branch(name, branch), FactKinds.Head, at) with { Revision = LineWorld.Sha(_heads[branch]) };

    private Fact Opened(int pull, double at, int item) => Given.Of(Given.Scm, Pull(pull), Gates.PrOpened, at - 1, GateStatus.Passed, links: Given.Item(item));

    private Fact Merged(int pull, double at, int item) => Given.Of(Given.Scm, Pull(pull), Gates.Merged, at, GateStatus.Passed, links: Given.Item(item));

    private static Fact Undoes(Key subject, double at, string how, params Key[] undone) => Given.Of(Given.Scm, subject, FactKinds.Revert, at) with
    {
        Attributes = Attributes((FactAttributes.Reverts, string.Join(' ', undone)), (FactAttributes.How, how)),
    };

    internal static ImmutableSortedDictionary<string, string> Attributes(params (string Name, string Value)[] values) =>
        values.ToImmutableSortedDictionary(static v => v.Name, static v => v.Value, StringComparer.Ordinal);
}
