using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ClosedLoop.Lines.Git;

/// <summary>Finds what candidate branches hold that no line has.</summary>
internal sealed partial class CandidateReader(GitCloneSettings settings)
{
    /// <summary>A branch with more commits than this is no proposed change.</summary>
    private const int MaxCommits = 300;

    private const int Chunk = 200;
    private const long MaxGraphBytes = 32L * 1024 * 1024;

    private readonly Dictionary<string, Candidate?> _byHead = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    /// <summary>
    /// The candidates: those whose refs are there now, and some that were there before. A branch is often deleted in the moment in which it
    /// lands.
    /// </summary>
    public IEnumerable<Candidate> Known => _byHead.Values.OfType<Candidate>();

    /// <summary>Reads those that are new.</summary>
    /// <returns>Whether there were any.</returns>
    public async Task<bool> UpdateAsync(GitRepository repository, ImmutableArray<RefHead> refs, ImmutableArray<BranchHead> lines, CancellationToken cancellationToken)
    {
        var fresh = refs.Select(static r => r.Sha).Where(sha => !_byHead.ContainsKey(sha)).Distinct(StringComparer.Ordinal).ToList();
        foreach (string[] chunk in fresh.Chunk(Chunk))
            await Halves.RunAsync<string>(chunk, part => ReadAsync(repository, part, lines, cancellationToken), head => Add(head, null)).ConfigureAwait(false);
        bool changed = fresh.Count > 0;
        foreach (var (name, sha) in refs)
        {
            if (_byHead[sha] is not { } candidate || Number(name) is not { } number || candidate.PullRequests.Contains(number)) continue;
            _byHead[sha] = candidate with { PullRequests = candidate.PullRequests.Add(number) };
            changed = true;
        }
        Forget(refs);
        return changed;
    }

    private async Task<bool> ReadAsync(GitRepository repository, ArraySegment<string> heads, ImmutableArray<BranchHead> lines, CancellationToken cancellationToken)
    {
        var call = new GitCall("rev-list", "--parents", "--boundary", "--stdin")
        {
            Input = GitInput.Lines(heads.Concat(lines.Select(static l => "^" + l.Sha))),
            MaxOutputBytes = MaxGraphBytes,
        };
        if (await repository.Git.TryAsync(call, cancellationToken).ConfigureAwait(false) is not { } answer) return false;
        var parents = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (string line in answer.Lines)
            // A boundary commit is written with a '-': a line has it.
            if (line[0] != '-' && line.Split(' ') is [{ } sha, .. var above]) parents[sha] = above;
        foreach (string head in heads)
            Add(head, await OfAsync(repository, head, parents, cancellationToken).ConfigureAwait(false));
        return true;
    }

    private static async Task<Candidate?> OfAsync(GitRepository repository, string head, Dictionary<string, string[]> parents, CancellationToken cancellationToken)
    {
        var forks = new SortedSet<string>(StringComparer.Ordinal);
        var side = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal) { head };
        var open = new Queue<string>([head]);
        while (open.TryDequeue(out string? sha))
        {
            if (!parents.TryGetValue(sha, out string[]? above))
            {
                forks.Add(sha);
                continue;
            }
            side.Add(sha);
            if (side.Count > MaxCommits) return null;
            foreach (string parent in above)
                if (seen.Add(parent))
                    open.Enqueue(parent);
        }
        // Its head is on a line, or nothing of it is.
        if (side.Count == 0 || forks.Count == 0) return null;
        string? fork = forks.Min;
        if (forks.Count > 1)
        {
            // A line was merged into it: of the places at which it meets the lines, the newest one is where it starts now.
            var newest = await repository.Git.TryAsync(new GitCall(["merge-base", "--independent", .. forks.Take(MaxCommits)]), cancellationToken).ConfigureAwait(false);
            fork = newest?.Lines is [{ } only] ? only : null;
        }
        if (fork is null) return null;
        return new Candidate(new DiffKey(head, fork), [.. side.Where(sha => parents[sha].Length == 1).Select(sha => new DiffKey(sha, parents[sha][0]))]);
    }

    private void Add(string head, Candidate? candidate)
    {
        if (_byHead.TryAdd(head, candidate)) _order.Add(head);
    }

    private void Forget(ImmutableArray<RefHead> refs)
    {
        int excess = _order.Count - (2 * settings.MaxCandidates) - 100;
        if (excess <= 0) return;
        var present = refs.Select(static r => r.Sha).ToHashSet(StringComparer.Ordinal);
        var gone = _order.Where(sha => !present.Contains(sha)).Take(excess).ToHashSet(StringComparer.Ordinal);
        _order.RemoveAll(gone.Contains);
        foreach (string sha in gone) _byHead.Remove(sha);
    }

    private static long? Number(string refName) =>
        PullRequestRef().Match(refName) is { Success: true } match && long.TryParse(match.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number > 0
            ? number
            : null;

    [GeneratedRegex(@"/(?:pull|pr|merge-requests)/(?<number>\d{1,18})(?:/head)?$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PullRequestRef();
}
