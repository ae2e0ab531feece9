using System.Text;

namespace ClosedLoop.Migration;

/// <summary>The first-parent history of a branch, and which landing brought each other commit in.</summary>
internal sealed class FirstParentChain
{
    private const int MaxSubjectChars = 300;

    private readonly CommitTable _commits;
    private readonly List<int> _chain = [];
    private readonly List<Brought> _brought = [];

    private FirstParentChain(CommitTable commits) => _commits = commits;

    /// <summary>The number of commits in it.</summary>
    public int Count => _chain.Count;

    public static FirstParentChain Walk(CommitTable commits, string head)
    {
        var walk = new FirstParentChain(commits);
        var owned = new bool[commits.Count];
        for (int at = commits.Find(Convert.FromHexString(head)); at >= 0 && commits[at].IsRead && !owned[at];)
        {
            owned[at] = true;
            walk._chain.Add(at);
            var parents = commits.Parents(at);
            at = parents.IsEmpty ? -1 : parents[0];
        }
        walk._chain.Reverse();
        walk.Assign(owned);
        return walk;
    }

    public GitLanding[] Landings(DateTimeOffset? since)
    {
        long floor = since?.ToUnixTimeMilliseconds() ?? long.MinValue;
        var landings = new List<GitLanding>(since is null ? _chain.Count : 1024);
        for (int i = 0; i < _chain.Count; i++)
        {
            var row = _commits[_chain[i]];
            if (row.CommittedAt * 1000 < floor) continue;
            landings.Add(new GitLanding(
                Convert.ToHexStringLower(_commits.Id(_chain[i])),
                row.ParentCount > 1 ? GitLandingKind.Merge : row.PullRequest > 0 ? GitLandingKind.Squash : GitLandingKind.Direct,
                DateTimeOffset.FromUnixTimeSeconds(row.CommittedAt),
                DateTimeOffset.FromUnixTimeSeconds(_brought[i].EarliestAuthored),
                Text(_commits.Subject(_chain[i])),
                row.PullRequest > 0 ? row.PullRequest : null,
                _brought[i].Count));
        }
        return [.. landings];
    }

    // Oldest landing first: what it reaches and nobody owns yet, it brought in. Every commit is visited once.
    private void Assign(bool[] owned)
    {
        var open = new Stack<int>();
        foreach (int landing in _chain)
        {
            var parents = _commits.Parents(landing);
            if (parents.Length < 2)
            {
                _brought.Add(new Brought(1, _commits[landing].AuthoredAt));
                continue;
            }
            int count = 0;
            long earliest = long.MaxValue;
            Push(parents[1..]);
            while (open.TryPop(out int commit))
            {
                count++;
                earliest = Math.Min(earliest, _commits[commit].AuthoredAt);
                Push(_commits.Parents(commit));
            }
            _brought.Add(new Brought(count, count == 0 ? _commits[landing].AuthoredAt : earliest));
        }

        void Push(ReadOnlySpan<int> parents)
        {
            foreach (int parent in parents)
            {
                if (owned[parent] || !_commits[parent].IsRead) continue;
                owned[parent] = true;
                open.Push(parent);
            }
        }
    }

    // Subjects are other people's text: a control character could move a reader's terminal.
    private static string Text(ReadOnlySpan<byte> subject)
    {
        string text = Encoding.UTF8.GetString(subject);
        if (text.Length > MaxSubjectChars)
            text = text[..(char.IsHighSurrogate(text[MaxSubjectChars - 1]) ? MaxSubjectChars - 1 : MaxSubjectChars)];
        if (!text.Any(char.IsControl)) return text;
        return string.Create(text.Length, text, static (span, source) =>
        {
            for (int i = 0; i < span.Length; i++) span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }

    private readonly record struct Brought(int Count, long EarliestAuthored);
}
