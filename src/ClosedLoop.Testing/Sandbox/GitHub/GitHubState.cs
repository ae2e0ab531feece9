using System.Diagnostics.CodeAnalysis;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitHub;

/// <summary>What the simulated GitHub holds.</summary>
internal sealed class GitHubState
{
    private readonly Dictionary<string, Repository> _repositories = new(StringComparer.OrdinalIgnoreCase);
    private long _nextId = 9_000;

    public GitHubState(Uri address, IEnumerable<string> repositories)
    {
        Address = address;
        int id = 100;
        foreach (string name in repositories) _repositories[name] = new Repository(name, ++id) { Tip = WorldDice.Sha("first/" + name) };
    }

    public Uri Address { get; }

    public bool TryFind(string repository, [NotNullWhen(true)] out Repository? found) => _repositories.TryGetValue(repository, out found);

    public PullRequest Open(ChangePlan plan, DateTimeOffset now)
    {
        var repository = _repositories[plan.Repository];
        var pull = new PullRequest(++_nextId, plan, repository.Tip, now);
        repository.Pulls[pull.Number] = pull;
        return pull;
    }

    public PullRequestReview Review(PullRequest pull, string reviewer, string state, DateTimeOffset now)
    {
        var review = new PullRequestReview(++_nextId, reviewer, state, pull.HeadSha, now);
        pull.Add(review);
        return review;
    }

    /// <summary>Merges and returns the tip from before.</summary>
    public string Merge(PullRequest pull, ChangePlan plan, DateTimeOffset now)
    {
        var repository = _repositories[pull.Repository];
        string before = repository.Tip;
        pull.Merge(plan.LandingSha, now);
        repository.Tip = plan.LandingSha;
        repository.Line.Add(plan.LandingSha);
        return before;
    }

    /// <summary>Every commit that this repository has.</summary>
    public static bool HasCommit(Repository repository, string sha) =>
        repository.Tip == sha || repository.Line.Contains(sha) || repository.Pulls.Values.Any(p => p.HeadSha == sha);

    internal sealed class Repository(string name, long id)
    {
        public string Name { get; } = name;

        public long Id { get; } = id;

        public required string Tip { get; set; }

        public List<string> Line { get; } = [];

        public SortedDictionary<int, PullRequest> Pulls { get; } = [];
    }
}
