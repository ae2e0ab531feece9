using System.Text.RegularExpressions;
using ClosedLoop.Adapters.GitHub;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>The rules of options that all source hosts have: every message names the option's path and the fix, and holds no secret.</summary>
internal sealed class HostRules(string section)
{
    public List<string> Problems { get; } = [];

    public void Add(string option, string what, string fix) => Problems.Add($"{section}:{option} {what}; {fix}.");

    public void CheckName(string? name)
    {
        if (name is not { Length: > 0 and <= 64 } || name.Any(static c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-'))
            Add("Name", "is not lower-case letters, digits and '-'", "use a name such as " + section.ToLowerInvariant());
    }

    public void CheckRepositories(string option, IList<string> repositories, bool allowAny, string anyOption, string form, int minSegments, int maxSegments)
    {
        if (repositories.Count == 0 && !allowAny) Add(option, "is empty, so every delivery would be ignored", $"add {form}, or set {section}:{anyOption} to true");
        for (int i = 0; i < repositories.Count; i++)
            if (!RepositoryPath.IsValid(repositories[i], minSegments, maxSegments))
                Add($"{option}:{i}", $"is {SourceText.Quote(repositories[i] ?? "")}, not {form}", "write it as in the repository's address");
    }

    public void CheckSecret(string option, string? secret)
    {
        if (secret is null) return;
        if (secret.Length < SharedSecretAuthenticator.MinSecretLength)
            Add(option, $"has fewer than {SharedSecretAuthenticator.MinSecretLength} characters", "use a random one, for instance from `openssl rand -hex 32`");
        else if (secret.Any(static c => c is <= ' ' or > '~'))
            Add(option, "has white space or characters that no header can hold", "remove a line end that came from a file, and use letters and digits");
    }

    public void CheckToken(string? token)
    {
        if (token is not null && (token.Length == 0 || token.Any(static c => c is <= ' ' or > '~')))
            Add("Token", "is empty or has white space in it", $"enter the token as {section} showed it, or leave it out to only take webhooks");
    }

    public void CheckAddress(Uri? address)
    {
        if (address is null || !address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            Add("BaseAddress", "is not set, or not an absolute address", "use the address that people open, such as https://git.example.org/");
        else if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
            Add("BaseAddress", "is plain http, which would send the token in the clear", "use https");
        else if (address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            Add("BaseAddress", "has a query, a fragment or a user name", "use only the address that people open");
        else if (address.AbsolutePath.Contains("/api/v", StringComparison.OrdinalIgnoreCase))
            Add("BaseAddress", "names the API", "use the address that people open; the API's path is added to it");
    }

    public void CheckPattern(string option, string? pattern)
    {
        if (pattern is null) return;
        try
        {
            if (!ItemPattern.Compile(pattern).GetGroupNames().Contains("id", StringComparer.Ordinal))
                Add(option, "has no group named id", "write (?<id>…) around the work item's id");
        }
        catch (ArgumentException error)
        {
            Add(option, $"is not a regular expression ({error.Message.TrimEnd('.')})", "correct it");
        }
        catch (NotSupportedException)
        {
            Add(option, "uses look-around, a back-reference or an atomic group, which are not available", "write it without");
        }
    }

    public void CheckTrailer(string? name)
    {
        if (name is null || !ItemTrailer.IsName(name)) Add("ItemTrailer", "is not a trailer's name", "use letters, digits and '-', such as Work-Item");
    }

    public void CheckNames(string option, IList<string> names, string example)
    {
        for (int i = 0; i < names.Count; i++)
            if (string.IsNullOrWhiteSpace(names[i]))
                Add($"{option}:{i}", "is empty", $"use a name such as {example}, or remove it");
    }

    public void CheckRange(string option, TimeSpan value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most) Add(option, $"is {value}", $"use {least} to {most}");
    }

    public void CheckPolling(TimeSpan poll, TimeSpan? quiet, TimeSpan request, int callsPerHour, int minCalls, int minRemaining, int maxPages)
    {
        CheckRange("PollInterval", poll, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        if (quiet is { } slow && (slow < poll || slow > TimeSpan.FromDays(1))) Add("QuietPollInterval", $"is {slow}", $"use {section}:PollInterval ({poll}) to one day, or leave it out");
        CheckRange("RequestTimeout", request, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        if (callsPerHour < minCalls) Add("CallsPerHour", $"is {callsPerHour}", $"use {minCalls} or more");
        if (minRemaining < 0) Add("MinRemainingRequests", "is negative", "use 0 or more");
        if (maxPages is < 1 or > 100) Add("MaxSweepPages", $"is {maxPages}", "use 1 to 100");
    }

    public static Regex? Compile(string? pattern) => pattern is null ? null : ItemPattern.Compile(pattern);

    public static Uri WithSlash(Uri address) => address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/");
}
