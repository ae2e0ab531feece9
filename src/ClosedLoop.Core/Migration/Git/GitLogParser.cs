using System.Buffers.Text;

namespace ClosedLoop.Migration;

/// <summary>Parses the stream of <c>git log</c>: three NUL-ended fields a commit: ids, times, subject.</summary>
internal sealed class GitLogParser(CommitTable commits, int maxCommits)
{
    /// <summary>The longest record: 16 MB.</summary>
    public const int MaxRecordBytes = 16 * 1024 * 1024;

    // The last second of year 9999; some old commits carry times beyond it, or none.
    private const long MaxUnixSeconds = 253_402_300_799;

    private long _lastCommitted;

    public DateTimeOffset LastCommittedAt => DateTimeOffset.FromUnixTimeSeconds(_lastCommitted);

    /// <summary>Parses the whole records in a buffer.</summary>
    /// <returns>The number of bytes used.</returns>
    public int Parse(ReadOnlySpan<byte> buffer)
    {
        int used = 0;
        while (true)
        {
            var rest = buffer[used..];
            int ids = rest.IndexOf((byte)0);
            if (ids < 0) return used;
            int times = rest[(ids + 1)..].IndexOf((byte)0);
            if (times < 0) return used;
            int subject = rest[(ids + times + 2)..].IndexOf((byte)0);
            if (subject < 0) return used;
            Record(rest[..ids], rest.Slice(ids + 1, times), rest.Slice(ids + times + 2, subject));
            used += ids + times + subject + 3;
        }
    }

    private void Record(ReadOnlySpan<byte> ids, ReadOnlySpan<byte> times, ReadOnlySpan<byte> subject)
    {
        Span<byte> raw = stackalloc byte[commits.IdBytes];
        int commit = -1, mark = commits.ParentMark, parents = 0;
        foreach (var range in ids.Split((byte)' '))
        {
            var id = ids[range];
            if (id.IsEmpty) continue;
            if (id.Length != raw.Length * 2 || Convert.FromHexString(id, raw, out _, out _) != System.Buffers.OperationStatus.Done)
                throw new GitHistoryException("git log printed something that is no commit; is GitHistoryOptions:GitExecutable really git?");
            int number = commits.Intern(raw);
            if (commit < 0)
            {
                commit = number;
                continue;
            }
            commits.AddParent(number);
            parents++;
        }
        if (commit < 0) throw new GitHistoryException("git log printed a commit without an id; is GitHistoryOptions:GitExecutable really git?");
        if (commits.ReadCount >= maxCommits)
            throw new GitHistoryException($"The history has more than {maxCommits} commits; raise GitHistoryOptions:MaxCommits.");
        int space = times.IndexOf((byte)' ');
        long authored = Seconds(space < 0 ? times : times[..space]);
        long committed = Seconds(space < 0 ? [] : times[(space + 1)..]);
        _lastCommitted = committed;
        commits.Set(commit, mark, authored, committed, PullRequestMention.Find(subject, parents > 1), subject);
    }

    // A commit with a damaged author or committer line prints no time; it counts as the epoch, which any reader sees is no real time.
    private static long Seconds(ReadOnlySpan<byte> text) =>
        Utf8Parser.TryParse(text, out long seconds, out int used) && used == text.Length ? Math.Clamp(seconds, 0, MaxUnixSeconds) : 0;
}
