using System.Text;
using ClosedLoop.Migration;

namespace ClosedLoop.Tests.Migration;

public sealed class GitLogParserTests
{
    private static readonly string A = new('a', 40), B = string.Concat(Enumerable.Repeat("aaaaaaaab", 5))[..40];

    [Fact]
    public void Records_cut_anywhere_are_read_as_if_whole()
    {
        byte[] log = Encoding.UTF8.GetBytes($"{B} {A}\030 40\0Second (#5)\0{A}\010 20\0\0").Select(static b => b).ToArray();
        for (int cut = 0; cut <= log.Length; cut++)
        {
            var commits = new CommitTable(20);
            var parser = new GitLogParser(commits, 10);
            int used = parser.Parse(log.AsSpan(0, cut));
            used += parser.Parse(log.AsSpan(used));
            Assert.Equal(log.Length, used);
            Assert.Equal(2, commits.ReadCount);
            Assert.Equal((30L, 40L, 5L), (commits[0].AuthoredAt, commits[0].CommittedAt, commits[0].PullRequest));
            Assert.Equal([1], commits.Parents(0).ToArray());
            Assert.Equal("Second (#5)"u8, commits.Subject(0));
            Assert.True(commits.Subject(1).IsEmpty);
        }
    }

    [Theory]
    [InlineData("not a commit\01 2\0x\0")]
    [InlineData("abcd\01 2\0x\0")]
    [InlineData(" \01 2\0x\0")]
    public void Output_that_is_no_log_is_refused(string output) =>
        Assert.Throws<GitHistoryException>(() => new GitLogParser(new CommitTable(20), 10).Parse(Encoding.UTF8.GetBytes(output)));

    [Fact]
    public void Many_ids_that_begin_alike_stay_apart()
    {
        var commits = new CommitTable(20);
        byte[] id = new byte[20];
        for (int i = 0; i < 20_000; i++)
        {
            id[0] = (byte)(i & 1);
            BitConverter.TryWriteBytes(id.AsSpan(16), i);
            Assert.Equal(i, commits.Intern(id));
        }
        BitConverter.TryWriteBytes(id.AsSpan(16), 19_999);
        Assert.Equal((19_999, 20_000), (commits.Find(id), commits.Count));
        id[8] = 1;
        Assert.Equal(-1, commits.Find(id));
    }
}
