using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.CDEvents;

/// <summary>Checks the options; each problem names the option's path and how to fix it, and never repeats a secret.</summary>
internal static class CDEventsOptionsValidation
{
    public const string Section = "CDEvents";

    private static readonly string[] Roles = [WriterRoles.SourceControl, WriterRoles.Ci, WriterRoles.Registry, WriterRoles.Deployer, WriterRoles.Health];

    public static List<string> Problems(CDEventsOptions options)
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Secret))
        {
            if (options.Sources.Count == 0 || options.Sources.Any(static s => s.Secret is null))
                Add(problems, nameof(options.Secret), "is not set, so anybody could send events", "set a random secret of 32 letters and digits, or give every source its own");
        }
        else if (IsWeak(options.Secret)) Add(problems, nameof(options.Secret), $"is shorter than {SharedSecretAuthenticator.MinSecretLength} characters or holds control characters", "use a random secret of 32 letters and digits");
        if (options.Sources.Count is 0 or > CDEventsOptions.MaxSources)
            Add(problems, nameof(options.Sources), $"lists {options.Sources.Count} sources", $"list 1 to {CDEventsOptions.MaxSources}, each with Source and Roles: events of others are ignored");
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < options.Sources.Count; i++)
        {
            Check(problems, options.Sources[i], $"{nameof(options.Sources)}:{i}:");
            if (options.Sources[i].Source is { Length: > 0 } name && !seen.TryAdd(name, i)) Add(problems, $"{nameof(options.Sources)}:{i}:Source", $"is the same as of {Section}:Sources:{seen[name]}", "remove one of them");
        }
        foreach (var (id, name) in options.Environments)
            if (!IsName(id, 200) || !IsName(name, 200)) Add(problems, $"{nameof(options.Environments)}:{SourceText.Quote(id)}", "is not a name for an environment", "use up to 200 printable characters, such as production");
        return problems;
    }

    private static void Check(List<string> problems, CDEventsSource source, string path)
    {
        if (!IsName(source.Source, 400) || source.Source == "*" || source.Source.TrimEnd('*').Contains('*', StringComparison.Ordinal))
            Add(problems, path + nameof(source.Source), "is not a source", "write the events' context.source, such as https://ci.example.org/ns, with one * at most, at its end, and something before it");
        if (source.Roles.Count == 0) Add(problems, path + nameof(source.Roles), "is empty, so that nothing of it would count", $"list one or more of {string.Join(", ", Roles)}");
        foreach (string role in source.Roles)
            if (!Roles.Contains(role, StringComparer.Ordinal)) Add(problems, path + nameof(source.Roles), $"holds {SourceText.Quote(role)}", $"use {string.Join(", ", Roles)}");
        if (!IsName(source.Name, 100) || source.Name.Contains(':', StringComparison.Ordinal)) Add(problems, path + nameof(source.Name), "is not a writer's name", "use up to 100 printable characters without a colon, such as tekton");
        if (source.Secret is { } secret && IsWeak(secret)) Add(problems, path + nameof(source.Secret), $"is shorter than {SharedSecretAuthenticator.MinSecretLength} characters or holds control characters", "use a random secret of 32 letters and digits, or leave it out");
        for (int i = 0; i < source.Repositories.Count; i++)
            if (RepositoryName.Read(source.Repositories[i]) is null) Add(problems, $"{path}{nameof(source.Repositories)}:{i}", "is not owner/name", "name a repository, such as acme/web");
        for (int i = 0; i < source.Checks.Count; i++)
            if (!IsName(source.Checks[i], 200)) Add(problems, $"{path}{nameof(source.Checks)}:{i}", "is not a name", "name a pipeline or test suite as its events do");
        if (source.Branch is { } branch && (!IsName(branch, 200) || branch.Any(char.IsWhiteSpace))) Add(problems, path + nameof(source.Branch), "is not a branch name", "use a name such as main, or leave it out");
        foreach (var (option, value) in new[] { (nameof(source.CommitPath), source.CommitPath), (nameof(source.RepositoryPath), source.RepositoryPath), (nameof(source.ItemPath), source.ItemPath) })
            if (string.IsNullOrEmpty(value) || value.Length > 200 || value.Split('.').Any(static p => p.Length == 0)) Add(problems, path + option, "is not a path", "write names with dots between, such as customData.git.commit");
    }

    private static bool IsWeak(string secret) => secret.Trim().Length < SharedSecretAuthenticator.MinSecretLength || secret.Any(char.IsControl);

    private static bool IsName(string? text, int length) => !string.IsNullOrWhiteSpace(text) && text.Length <= length && !text.Any(static c => char.IsControl(c) || char.IsSurrogate(c));

    private static void Add(List<string> problems, string option, string what, string fix) => problems.Add($"{Section}:{option} {what}; {fix}.");
}
