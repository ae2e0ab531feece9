using System.Text.RegularExpressions;

namespace ClosedLoop.Adapters.GitHub;

/// <summary>The rules of <see cref="GitHubOptions"/>: every message names the option's path and the fix, and holds no secret.</summary>
internal static class GitHubOptionsRules
{
    public static IReadOnlyList<string> Check(GitHubOptions options)
    {
        var problems = new List<string>();
        CheckRepositories(options, problems);
        CheckSecrets(options, problems);
        CheckHooks(options, problems);
        CheckAddress(options.BaseAddress, problems);
        if (options.ItemTrailer is null || !ItemTrailer.IsName(options.ItemTrailer))
            problems.Add("GitHub:ItemTrailer is not a trailer's name; use letters, digits and '-', such as Work-Item.");
        CheckPattern("GitHub:BranchPattern", options.BranchPattern, problems);
        CheckPattern("GitHub:ItemLabelPattern", options.ItemLabelPattern, problems);
        CheckNames("GitHub:TargetBranches", options.TargetBranches, "a branch's name, such as main", problems);
        CheckNames("GitHub:CompleteWorkflows", options.CompleteWorkflows, "a workflow's name or path, such as .github/workflows/ci.yml", problems);
        CheckNames("GitHub:WorkflowEvents", options.WorkflowEvents, "a trigger, such as push", problems);
        CheckRange("GitHub:PollInterval", options.PollInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), problems);
        if (options.QuietPollInterval is { } quiet && (quiet < options.PollInterval || quiet > TimeSpan.FromDays(1)))
            problems.Add($"GitHub:QuietPollInterval is {quiet}; use GitHub:PollInterval ({options.PollInterval}) to one day, or leave it out.");
        if (options.CallsPerHour < GitHubOptions.MinCallsPerHour) problems.Add($"GitHub:CallsPerHour is {options.CallsPerHour}; use {GitHubOptions.MinCallsPerHour} or more; GitHub gives a token 5000.");
        CheckRange("GitHub:RequestTimeout", options.RequestTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), problems);
        if (options.AllowActions && options.Token is null && options.App is null) problems.Add("GitHub:AllowActions is set, and there is nothing to act with; set GitHub:Token or GitHub:App.");
        if (options.RequiredChecksOnly && options.Token is null && options.App is null) problems.Add("GitHub:RequiredChecksOnly is set, and which checks are required can only be asked; set GitHub:Token or GitHub:App.");
        if (options.MinRemainingRequests < 0) problems.Add("GitHub:MinRemainingRequests is negative; use 0 or more.");
        if (options.MaxSweepPages is < 1 or > 100) problems.Add($"GitHub:MaxSweepPages is {options.MaxSweepPages}; use 1 to 100.");
        return problems;
    }

    private static void CheckRepositories(GitHubOptions options, List<string> problems)
    {
        if (options.Repositories.Count == 0 && !options.AllowAnyRepository)
            problems.Add("GitHub:Repositories is empty, so every delivery would be ignored; add \"owner/name\", or set GitHub:AllowAnyRepository to true.");
        for (int i = 0; i < options.Repositories.Count; i++)
            if (!RepositoryName.IsValid(options.Repositories[i]))
                problems.Add($"GitHub:Repositories:{i} is '{options.Repositories[i]}', not owner/name; write it as in the repository's address.");
    }

    private static void CheckSecrets(GitHubOptions options, List<string> problems)
    {
        if (options.ReceiveWebhooks && string.IsNullOrEmpty(options.WebhookSecret))
            problems.Add("GitHub:WebhookSecret is not set; enter the secret of the webhook in GitHub, or set GitHub:ReceiveWebhooks to false to only poll.");
        else if (options.WebhookSecret is not null) CheckSecret("GitHub:WebhookSecret", options.WebhookSecret, problems);
        if (options.PreviousWebhookSecret is { } previous) CheckSecret("GitHub:PreviousWebhookSecret", previous, problems);
        if (options.Token is { } token && (token.Length == 0 || token.Any(static c => c is <= ' ' or > '~')))
            problems.Add("GitHub:Token is empty or has white space in it; enter the token as GitHub showed it, or leave it out to only take webhooks.");
        if (!options.ReceiveWebhooks && options.Token is null && options.App is null)
            problems.Add("GitHub:Token is not set and GitHub:ReceiveWebhooks is false, so nothing could ever be read; set one of them.");
        if (options.App is { } app) CheckApp(app, options.Token, problems);
    }

    private static void CheckApp(GitHubAppOptions app, string? token, List<string> problems)
    {
        if (token is not null) problems.Add("GitHub:App is set and GitHub:Token too; leave one of them out.");
        if (app.ClientId is not { Length: > 0 and <= 100 } id || id.Any(static c => c is <= ' ' or > '~'))
            problems.Add("GitHub:App:ClientId is not set or not one; enter the App's client id or App id, as its page shows it.");
        if (app.InstallationId <= 0) problems.Add("GitHub:App:InstallationId is not set; enter the number at the end of the address of the installation's settings page.");
        if (app.PrivateKey is not { Length: > 0 and <= 20_000 } key || !Probing.AppCredentials.IsKey(key))
            problems.Add("GitHub:App:PrivateKey is no RSA private key of 2048 bits or more in PEM; enter the text of the .pem file that GitHub gave you, with its first and last line.");
    }

    private static void CheckHooks(GitHubOptions options, List<string> problems)
    {
        for (int i = 0; i < options.RedeliverHooks.Count; i++)
        {
            string path = options.RedeliverHooks[i];
            if (!HookPath.IsValid(path)) problems.Add($"GitHub:RedeliverHooks:{i} is '{path}', not a hook; use repos/OWNER/NAME/hooks/ID, orgs/ORG/hooks/ID or app/hook, as in the hook's address in the API.");
            else if (path == HookPath.OfApp && options.App is null) problems.Add($"GitHub:RedeliverHooks:{i} is the App's hook, which only the App may read; set GitHub:App.");
        }
        if (options.RedeliverHooks.Count > 0 && options.Token is null && options.App is null) problems.Add("GitHub:RedeliverHooks needs GitHub:Token or GitHub:App to ask with; set one of them.");
        if (options.RedeliverHooks.Count > 0 && !options.ReceiveWebhooks) problems.Add("GitHub:RedeliverHooks is set and GitHub:ReceiveWebhooks is false, so nothing sent again could arrive; set it to true, or leave the hooks out.");
    }

    private static void CheckSecret(string path, string secret, List<string> problems)
    {
        if (secret.Length < GitHubOptions.MinSecretLength)
            problems.Add($"{path} has fewer than {GitHubOptions.MinSecretLength} characters; use a long random one, for instance from `openssl rand -hex 32`.");
        else if (secret.Trim().Length != secret.Length)
            problems.Add($"{path} begins or ends with white space, which is usually a line end from a file; remove it.");
    }

    private static void CheckAddress(Uri? address, List<string> problems)
    {
        if (address is null || !address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttps && address.Scheme != Uri.UriSchemeHttp))
            problems.Add("GitHub:BaseAddress is not an absolute address; use https://api.github.com/ or https://HOST/api/v3/.");
        else if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback)
            problems.Add("GitHub:BaseAddress is plain http, which would send the token in the clear; use https.");
        else if (address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            problems.Add("GitHub:BaseAddress has a query, a fragment or a user name; use only the address of the API.");
    }

    private static void CheckPattern(string path, string? pattern, List<string> problems)
    {
        if (pattern is null) return;
        try
        {
            var regex = ItemPattern.Compile(pattern);
            if (!regex.GetGroupNames().Contains("id", StringComparer.Ordinal))
                problems.Add($"{path} has no group named id; write (?<id>…) around the work item's id.");
        }
        catch (ArgumentException error)
        {
            problems.Add($"{path} is not a regular expression: {error.Message}");
        }
        catch (NotSupportedException)
        {
            problems.Add($"{path} uses look-around, a back-reference or an atomic group, which are not available; write it without.");
        }
    }

    private static void CheckNames(string path, IList<string> names, string expected, List<string> problems)
    {
        for (int i = 0; i < names.Count; i++)
            if (string.IsNullOrWhiteSpace(names[i]))
                problems.Add($"{path}:{i} is empty; use {expected}, or remove it.");
    }

    private static void CheckRange(string path, TimeSpan value, TimeSpan least, TimeSpan most, List<string> problems)
    {
        if (value < least || value > most) problems.Add($"{path} is {value}; use {least} to {most}.");
    }
}
