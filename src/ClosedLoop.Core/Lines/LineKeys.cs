using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// The keys of the line index, parts separated by tabs (which no key, name or commit id holds). One letter says what a row is:
/// <list type="bullet">
/// <item><c>n repo sha</c>: where a commit is (chain, position). <c>s repo chain position</c>: the commit there.</item>
/// <item><c>c repo chain</c>: a chain. <c>m repo sha sha</c>: a merge whose both sides are known.</item>
/// <item><c>w repo sha …</c>: who waits for this commit to be known: a chain (<c>c id</c>) or a merge (<c>m sha</c>).</item>
/// <item><c>h repo branch</c>: what was heard of a line's head. <c>k repo sha</c>: a landing whose place is wanted; <c>f</c>: something that runs, the same. <c>a repo subject</c>: a baseline.</item>
/// <item><c>x change repo sha</c>: what a commit does to a change. <c>u repo sha change</c>: the same by commit. <c>e repo chain position change</c>: by place; <c>t</c>: of these, what takes away.</item>
/// <item><c>v key key</c>: which revert or equivalence (second) names a commit or pull request (first).</item>
/// <item><c>r register</c>: which commits a register is evidence about. <c>g repo sha series register</c>: the same by commit.</item>
/// <item><c>p repo chain series category position</c>: the verdict of a series at a commit. <c>o repo series ordinal register</c>: what runs, in order.</item>
/// <item><c>q repo kind writer environment name</c>: the series of a repository; <c>j kind writer environment name repo</c>: the repositories of a series. <c>y key subject</c>: which entry of an environment's history (second) ran an image or build (first). <c>b repo sha register</c>: a veto. <c>z repo chain …</c>: places to fold again. <c>d series ordinal register</c>: that a target is gone, of whatever repository.</item>
/// </list>
/// </summary>
internal static class LineKeys
{
    private const long PositionOffset = 1_000_000_000_000;

    /// <summary>The kinds of rows that follow from facts; the others (n, s, c, m, w, h) hold the commits themselves, of which there are no facts, and where lines stood, of which there is only the newest.</summary>
    public const string DerivedKinds = "abdefgjkopqrtuvxyz";

    /// <summary>Stands while a rebuild is under way.</summary>
    public const string RebuildMark = "!\trebuild";

    public static string Node(string repo, string sha) => $"n\t{repo}\t{sha}";

    public static string At(string repo, ChainPoint point) => Places(repo, point.Chain) + Position(point.Position);

    public static string Places(string repo, int chain) => $"s\t{repo}\t{chain}\t";

    public static string Chains(string repo) => $"c\t{repo}\t";

    public static string Chain(string repo, int chain) => string.Create(CultureInfo.InvariantCulture, $"{Chains(repo)}{chain}");

    public static string Merges(string repo) => $"m\t{repo}\t";

    public static string Merge(string repo, string sha, string other) => $"{Merges(repo)}{sha}\t{other}";

    public static string Waiting(string repo, string sha, string who) => $"w\t{repo}\t{sha}\t{who}";

    public static string Running(string repo) => $"f\t{repo}\t";

    public static string Running(string repo, string sha) => Running(repo) + sha;

    /// <summary>All landings whose place is wanted.</summary>
    public const string AllWanted = "k\t";

    public static string Wanted(string repo) => $"{AllWanted}{repo}\t";

    public static string Wanted(string repo, string sha) => Wanted(repo) + sha;

    /// <summary>All heads of all repositories.</summary>
    public const string AllHeads = "h\t";

    public static string Heads(string repo) => $"{AllHeads}{repo}\t";

    public static string Head(string repo, string branch) => Heads(repo) + branch;

    public static string Baselines(string repo) => $"a\t{repo}\t";

    public static string Baseline(string repo, Key subject) => Baselines(repo) + subject;

    public static string Effects(Key change) => $"x\t{change}\t";

    public static string Effect(Key change, string repo, string sha) => $"{Effects(change)}{repo}\t{sha}";

    public static string EffectsBySha(string repo, string sha) => $"u\t{repo}\t{sha}\t";

    public static string EffectBySha(string repo, string sha, Key change) => EffectsBySha(repo, sha) + change;

    public static string EffectsByPlace(string repo, int chain) => $"e\t{repo}\t{chain}\t";

    public static string EffectsByPlace(string repo, ChainPoint point) => $"{EffectsByPlace(repo, point.Chain)}{Position(point.Position)}\t";

    public static string EffectByPlace(string repo, ChainPoint point, Key change) => EffectsByPlace(repo, point) + change;

    public static string Removals(string repo) => $"t\t{repo}\t";

    public static string RemovalsByPlace(string repo, int chain) => $"{Removals(repo)}{chain}\t";

    public static string RemovalByPlace(string repo, ChainPoint point, Key change) => $"{RemovalsByPlace(repo, point.Chain)}{Position(point.Position)}\t{change}";

    /// <summary>The place in a key that has it after the repository.</summary>
    public static ChainPoint ReadPlace(ReadOnlySpan<char> key)
    {
        key = key[2..];
        key = key[(key.IndexOf('\t') + 1)..];
        int end = key.IndexOf('\t');
        var position = key[(end + 1)..];
        return new ChainPoint(int.Parse(key[..end], NumberStyles.None, CultureInfo.InvariantCulture), ReadPosition(position[..position.IndexOf('\t')]));
    }

    public static string NamedBy(Key target) => $"v\t{target}\t";

    public static string NamedBy(Key target, Key source) => NamedBy(target) + source;

    public static string RanBy(Key running) => $"y\t{running}\t";

    public static string RanBy(Key running, Key entry) => RanBy(running) + entry;

    public static string Register(RegisterId register) => $"r\t{Text(register)}";

    public static string Evidence(string repo) => $"g\t{repo}\t";

    public static string EvidenceBySha(string repo, string sha) => $"{Evidence(repo)}{sha}\t";

    public static string EvidenceBySha(string repo, string sha, string series, string register) => $"{EvidenceBySha(repo, sha)}{series}\t{register}";

    /// <summary>The series and the register of a row of evidence.</summary>
    public static (string Series, string Register) ReadEvidence(string key)
    {
        string[] parts = key.Split('\t');
        return (string.Join('\t', parts[3..7]), string.Join('\t', parts[7..]));
    }

    public static string Marks(string repo, int chain, string series, char category) => $"{Marks(repo, chain)}{series}\t{category}\t";

    public static string Marks(string repo, int chain) => $"p\t{repo}\t{chain}\t";

    public static string Entries(string repo, string series) => $"o\t{repo}\t{series}\t";

    public static string Entry(string repo, string series, Ordinal ordinal, string register) => Entry(repo, series, Text(ordinal), register);

    public static string Entry(string repo, string series, string ordinal, string register) => $"{Entries(repo, series)}{ordinal}\t{register}";

    public static string SeriesOf(string repo) => $"q\t{repo}\t";

    public static string Series(string repo, string series) => SeriesOf(repo) + series;

    public static string RepositoriesOf(string series) => $"j\t{series}\t";

    public static string SeriesIn(string series, string repo) => RepositoriesOf(series) + repo;

    public static string Gone(string series) => $"d\t{series}\t";

    public static string Gone(string series, string ordinal, string register) => $"{Gone(series)}{ordinal}\t{register}";

    public static string Veto(string repo, string sha, string register) => $"b\t{repo}\t{sha}\t{register}";

    public static string Concerns(string repo) => $"z\t{repo}\t";

    public static string Concerns(string repo, int chain) => $"{Concerns(repo)}{chain}\t";

    /// <summary>The last part of a key.</summary>
    public static string Last(string key) => key[(key.LastIndexOf('\t') + 1)..];

    /// <summary>A position that sorts as text, also below zero.</summary>
    public static string Position(long position) =>
        (Math.Clamp(position, -PositionOffset + 1, PositionOffset) + PositionOffset).ToString("D13", CultureInfo.InvariantCulture);

    public static long ReadPosition(ReadOnlySpan<char> text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture) - PositionOffset;

    public static string Text(RegisterId register) => $"{register.Subject}\t{register.Kind}\t{register.Writer}";

    public static RegisterId ReadRegister(string text)
    {
        string[] parts = text.Split('\t');
        return new RegisterId(Key.Parse(parts[0]), parts[1], Writer.Parse(parts[2]));
    }

    /// <summary>An ordinal that sorts as text.</summary>
    public static string Text(Ordinal ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{(ulong)ordinal.Major ^ (1UL << 63):X16}{(ulong)ordinal.Minor ^ (1UL << 63):X16}{(uint)ordinal.Rank ^ (1U << 31):X8}");

    /// <summary>All rows whose key begins with a prefix that ends in a tab.</summary>
    public static IndexRange Under(string prefix, int limit = 0, bool descending = false) => new(prefix, $"{prefix[..^1]}\n", limit, descending);

    /// <summary>One row.</summary>
    public static IndexRange Only(string key) => new(key, $"{key}\t");
}
