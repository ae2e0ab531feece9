using ClosedLoop.Facts;

namespace ClosedLoop.Lines.Git;

/// <summary>The rules of <see cref="GitCloneOptions"/>: every message names the option's path and the fix.</summary>
internal static class GitCloneRules
{
    private const int MaxPatternLength = 512;

    public static IReadOnlyList<string> Check(GitCloneOptions options)
    {
        string at = $"GitClone:{options.Name}";
        var problems = new List<string>();
        if (string.IsNullOrEmpty(options.Name) || !options.Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            problems.Add($"GitClone:Name is '{options.Name}'; use lower-case letters, digits and '-', such as git.");
        if (string.IsNullOrWhiteSpace(options.Path))
            problems.Add($"{at}:Path is not set; name the folder of a clone, for instance one made by 'git clone --mirror URL'.");
        else if (!Directory.Exists(options.Path))
            problems.Add($"{at}:Path is '{options.Path}', where there is no folder; clone the repository there with 'git clone --mirror URL'.");
        if (!IsRepository(options.Repository))
            problems.Add($"{at}:Repository is '{options.Repository}', not owner/name; write it as in the repository's address.");
        if (options.Branches.Count == 0)
            problems.Add($"{at}:Branches is empty, so nothing would be read; add a branch such as main.");
        for (int i = 0; i < options.Branches.Count; i++)
            if (!IsBranch(options.Branches[i]))
                problems.Add($"{at}:Branches:{i} is '{options.Branches[i]}', no branch; use a name such as main or a pattern such as release/*, without refs/heads/.");
        for (int i = 0; i < options.CandidateRefs.Count; i++)
            if (!IsName(options.CandidateRefs[i]) || !options.CandidateRefs[i].StartsWith("refs/", StringComparison.Ordinal))
                problems.Add($"{at}:CandidateRefs:{i} is '{options.CandidateRefs[i]}', no ref; write it whole, such as refs/pull/*/head.");
        if (!Writer.TryParse(options.Writer.ToString(), out _) || options.Writer == Writer.Migration)
            problems.Add($"{at}:Writer is '{options.Writer}'; use a role and a name, such as scm:git.");
        if (!IsName(options.Remote) || options.Remote.Contains('*', StringComparison.Ordinal))
            problems.Add($"{at}:Remote is '{options.Remote}', no remote; use a name that 'git remote' lists, such as origin.");
        if (options.CommitUrl is { } url && (!url.Contains("{sha}", StringComparison.Ordinal) || Address(url, new string('0', 40)) is null))
            problems.Add($"{at}:CommitUrl is '{url}'; use an http(s) address with {{sha}} in it, such as https://github.com/acme/web/commit/{{sha}}.");
        if (string.IsNullOrWhiteSpace(options.GitExecutable))
            problems.Add($"{at}:GitExecutable is empty; use git or the program's path.");
        if (options.MaxCandidates is < 1 or > 10_000) problems.Add($"{at}:MaxCandidates is {options.MaxCandidates}; use 1 to 10000.");
        if (options.Window is < 10 or > 10_000) problems.Add($"{at}:Window is {options.Window}; use 10 to 10000.");
        CheckRange($"{at}:PollInterval", options.PollInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), problems);
        CheckRange($"{at}:Timeout", options.Timeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), problems);
        return problems;
    }

    /// <summary>The address of a commit, or null when it cannot become a link.</summary>
    public static Uri? Address(string template, string sha) =>
        Uri.TryCreate(template.Replace("{sha}", sha, StringComparison.Ordinal), UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) ? uri : null;

    private static bool IsRepository(string? name) =>
        !string.IsNullOrEmpty(name) && name.Trim('/').Contains('/', StringComparison.Ordinal) && !name.Any(static c => char.IsWhiteSpace(c) || c is '@' or '#') && Key.TryParse($"pr:{name}#1", out _);

    private static bool IsBranch(string? name) => IsName(name) && !name!.StartsWith("refs/", StringComparison.Ordinal) && !name.StartsWith('/') && !name.EndsWith('/');

    // What git allows in the name of a ref, and '*'. A name that begins with '-' would be an option.
    private static bool IsName(string? name) =>
        !string.IsNullOrEmpty(name) && name.Length <= MaxPatternLength && name[0] != '-' && !name.Contains("..", StringComparison.Ordinal) &&
        !name.Any(static c => char.IsControl(c) || c is ' ' or '~' or '^' or ':' or '?' or '[' or '\\');

    private static void CheckRange(string path, TimeSpan value, TimeSpan least, TimeSpan most, List<string> problems)
    {
        if (value < least || value > most) problems.Add($"{path} is {value}; use {least} to {most}.");
    }
}
