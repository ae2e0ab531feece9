namespace ClosedLoop.Adapters.GitOps.Reading;

/// <summary>Checks the options; each problem names the option's path and how to fix it, and never repeats a secret.</summary>
internal static class GitOpsOptionsValidation
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    public static List<string> Problems(GitOpsOptions options, string section)
    {
        var problems = new List<string>();
        if (string.IsNullOrEmpty(options.Name) || options.Name.Length > 60 || !options.Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            Add(nameof(options.Name), "is not a name", "use up to 60 lower-case letters, digits and '-', such as argocd-eu");
        CheckApi();
        if (options.WebhookSecret is { } secret && (secret.Trim().Length < SharedSecretAuthenticator.MinSecretLength || secret.Any(char.IsControl)))
            Add(nameof(options.WebhookSecret), $"is shorter than {SharedSecretAuthenticator.MinSecretLength} characters or holds control characters", "use a random secret of 32 letters and digits, or leave it out to take no webhooks");
        if (options.WebhookSecret is null && options.Address is null)
            Add(nameof(options.Address), "is not set, and nor is WebhookSecret, so that nothing can ever be known", "set one of them, or both");
        if (!IsName(options.Environment)) Add(nameof(options.Environment), "is not set or not a name", "name the environment that this system deploys to, such as production");
        if (options.Targets.Count > GitOpsOptions.MaxTargets) Add(nameof(options.Targets), $"lists {options.Targets.Count} objects", $"list at most {GitOpsOptions.MaxTargets}, or none to count all");
        for (int i = 0; i < options.Targets.Count; i++) Check(options.Targets[i], $"{nameof(options.Targets)}:{i}:");
        for (int i = 0; i < options.Namespaces.Count; i++)
            if (!IsLabel(options.Namespaces[i])) Add($"{nameof(options.Namespaces)}:{i}", "is not a namespace", "use lower-case letters, digits and '-'");
        if (options.PollInterval < MinInterval || options.PollInterval > TimeSpan.FromDays(1)) Add(nameof(options.PollInterval), $"is {options.PollInterval}", "use 1 second to 1 day");
        if (options.CallsPerHour < 100) Add(nameof(options.CallsPerHour), $"is {options.CallsPerHour}", "use 100 or more");
        if (options.RequestTimeout < MinInterval || options.RequestTimeout > TimeSpan.FromMinutes(5)) Add(nameof(options.RequestTimeout), $"is {options.RequestTimeout}", "use 1 second to 5 minutes");
        if (options is ArgoCDOptions argo)
        {
            if (!Enum.IsDefined(argo.Source)) Add(nameof(argo.Source), $"is {argo.Source}", "use Api or Kubernetes");
            if (argo.SettleTime < TimeSpan.Zero || argo.SettleTime > TimeSpan.FromHours(1)) Add(nameof(argo.SettleTime), $"is {argo.SettleTime}", "use 0 seconds to 1 hour");
        }
        return problems;

        void CheckApi()
        {
            if (options.Address is not { } address)
            {
                if (options.Token is not null || options.TokenFile is not null) Add(nameof(options.Address), "is not set, but a token is", "set where the API is reached, or leave the token out");
                return;
            }
            if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)) Add(nameof(options.Address), "is not an absolute http or https address", "write it as https://argocd.example.org/");
            else if (address.UserInfo.Length > 0) Add(nameof(options.Address), "holds a user name or password", "remove it and set Token");
            else if (address.Query.Length > 0 || address.Fragment.Length > 0) Add(nameof(options.Address), "has a query or fragment", "end it with the API's own path");
            if (string.IsNullOrEmpty(options.Token) == string.IsNullOrEmpty(options.TokenFile)) Add(nameof(options.Token), "and TokenFile are both set, or neither is", "set exactly one of them");
            else if (options.Token is { Length: > 0 } token && token.Any(static c => char.IsControl(c) || char.IsWhiteSpace(c) || !char.IsAscii(c))) Add(nameof(options.Token), "holds white space or characters that a header cannot", "copy the token again, without a line break");
            if (options.CertificateAuthorityFile is { } file && !File.Exists(file)) Add(nameof(options.CertificateAuthorityFile), "names a file that is not there", "name the file with the certificates in PEM, or leave it out");
        }

        void Check(GitOpsTarget target, string path)
        {
            if (!IsLabel(target.Name)) Add(path + nameof(target.Name), "is not an object's name", "use its metadata.name");
            if (target.Namespace is { } space && !IsLabel(space)) Add(path + nameof(target.Namespace), "is not a namespace", "use its metadata.namespace, or leave it out");
            if (target.Environment is { } environment && !IsName(environment)) Add(path + nameof(target.Environment), "is not a name", "use one such as production, or leave it out");
            if (target.Target is { } name && !IsName(name)) Add(path + nameof(target.Target), "is not a name", "use one such as web, or leave it out");
            if (target.Repository is { } repository && (repository.Length > 200 || repository.Trim('/').Split('/') is not { Length: >= 2 } parts || parts.Any(static p => p.Length == 0 || p.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))))
                Add(path + nameof(target.Repository), "is not owner/name", "name the repository, such as acme/web, or leave it out");
        }

        void Add(string option, string what, string fix) => problems.Add($"{section}:{option} {what}; {fix}.");
    }

    private static bool IsName(string? text) => !string.IsNullOrWhiteSpace(text) && text.Length <= 100 && !text.Any(static c => char.IsControl(c) || char.IsSurrogate(c));

    private static bool IsLabel(string? text) => text is { Length: > 0 and <= 253 } && text.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');
}
