using System.Diagnostics.CodeAnalysis;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.SourceHosts;

/// <summary>What the source host holds, whichever it is.</summary>
internal sealed class SourceHostState
{
    private readonly Dictionary<string, Repository> _repositories = new(StringComparer.OrdinalIgnoreCase);
    private long _nextId = 9_000;

    public SourceHostState(Uri address, IEnumerable<WorldLine> lines)
    {
        Address = address;
        int id = 100;
        foreach (var line in lines) _repositories[line.Repository] = new Repository(line, ++id);
    }

    public Uri Address { get; }

    public bool TryFind(string repository, [NotNullWhen(true)] out Repository? found) => _repositories.TryGetValue(repository, out found);

    /// <param name="plan">What is to become of it.</param>
    /// <param name="revert">For a revert: its description.</param>
    /// <param name="now">When it is opened.</param>
    public PullRequest Open(ChangePlan plan, string? revert, DateTimeOffset now)
    {
        var repository = _repositories[plan.Repository];
        var pull = new PullRequest(++_nextId, repository.Pulls.Count + 1, plan, repository.Line.Head.Sha, revert, now);
        repository.Pulls[pull.Number] = pull;
        return pull;
    }

    public PullRequestReview Review(PullRequest pull, string reviewer, bool isApproval, DateTimeOffset now)
    {
        var review = new PullRequestReview(++_nextId, reviewer, isApproval, pull.HeadSha, now);
        pull.Add(review);
        return review;
    }

    /// <summary>Every commit that this repository has.</summary>
    public static bool HasCommit(Repository repository, string sha) =>
        repository.Line.TryFind(sha, out _) || repository.Pulls.Values.Any(p => p.HeadSha == sha);

    internal sealed class Repository(WorldLine line, long id)
    {
        public string Name => Line.Repository;

        public long Id { get; } = id;

        public WorldLine Line { get; } = line;

        public SortedDictionary<int, PullRequest> Pulls { get; } = [];
    }
}
