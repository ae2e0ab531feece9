namespace ClosedLoop.Adapters.Oci;

/// <summary>Checks the options; each problem names the option's path and how to fix it, and never repeats a secret.</summary>
internal static class OciOptionsValidation
{
    public const string Section = "Oci";

    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    public static List<string> Problems(OciOptions options)
    {
        var problems = new List<string>();
        if (options.Name is not { Length: > 0 and <= 50 } name || !name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            Add(problems, nameof(options.Name), "is not 1 to 50 lower-case letters, digits or '-'", "use a short name such as oci or harbor");
        if (!Enum.IsDefined(options.Flavour)) Add(problems, nameof(options.Flavour), $"is {options.Flavour}", "use Distribution, Harbor or Ghcr");
        CheckAddress(problems, options);
        CheckCredentials(problems, options);
        CheckHosts(problems, nameof(options.TokenHosts), options.TokenHosts);
        CheckHosts(problems, nameof(options.BlobHosts), options.BlobHosts);
        CheckRepositories(problems, options);
        if (options.BuildLabel is { } label && (label.Length is 0 or > 200 || label.Any(char.IsControl)))
            Add(problems, nameof(options.BuildLabel), "is not a label's name", "use a name such as org.example.build-url, or leave it out");
        if (options.PollInterval < MinInterval || options.PollInterval > TimeSpan.FromDays(1))
            Add(problems, nameof(options.PollInterval), $"is {options.PollInterval}", "use 1 second to 1 day");
        if (options.QuietPollInterval is { } quiet && (quiet < options.PollInterval || quiet > TimeSpan.FromDays(1)))
            Add(problems, nameof(options.QuietPollInterval), $"is {quiet}", "use PollInterval to 1 day, or leave it out");
        if (options.CallsPerHour < OciOptions.MinCallsPerHour)
            Add(problems, nameof(options.CallsPerHour), $"is {options.CallsPerHour}", $"use {OciOptions.MinCallsPerHour} or more");
        if (options.MaxTagsPerSweep is < 1 or > 10_000)
            Add(problems, nameof(options.MaxTagsPerSweep), $"is {options.MaxTagsPerSweep}", "use 1 to 10000");
        if (options.RequestTimeout < MinInterval || options.RequestTimeout > TimeSpan.FromMinutes(5))
            Add(problems, nameof(options.RequestTimeout), $"is {options.RequestTimeout}", "use 1 second to 5 minutes");
        return problems;
    }

    private static void CheckAddress(List<string> problems, OciOptions options)
    {
        const string Option = nameof(options.Address);
        if (options.Address is not { } address)
        {
            if (options.Flavour != OciFlavour.Ghcr) Add(problems, Option, "is not set", "set the address of the registry, such as https://registry.example.org/");
        }
        else if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            Add(problems, Option, "is not an absolute http or https address", "write it as https://registry.example.org/");
        else if (address.UserInfo.Length > 0)
            Add(problems, Option, "holds a user name or password", "remove it and set Oci:UserName and Oci:Password");
        else if (address.Query.Length > 0 || address.Fragment.Length > 0)
            Add(problems, Option, "has a query or fragment", "end it with the registry's own path, before v2/");
        else if (address.AbsolutePath.TrimEnd('/').EndsWith("/v2", StringComparison.Ordinal))
            Add(problems, Option, "ends with v2", "leave v2 out: it is added");
    }

    private static void CheckCredentials(List<string> problems, OciOptions options)
    {
        bool user = !string.IsNullOrEmpty(options.UserName), password = !string.IsNullOrEmpty(options.Password);
        if (user != password)
            Add(problems, user ? nameof(options.Password) : nameof(options.UserName), "is not set but its counterpart is", "set both Oci:UserName and Oci:Password, or neither to read as anonymous");
        if (user && (options.UserName!.Contains(':', StringComparison.Ordinal) || options.UserName.Any(char.IsControl)))
            Add(problems, nameof(options.UserName), "holds a colon or control characters", "use the user's name as for docker login");
        if (password && options.Password!.Any(char.IsControl))
            Add(problems, nameof(options.Password), "holds control characters", "copy it again, without a line break");
        if (string.IsNullOrWhiteSpace(options.WebhookSecret))
            Add(problems, nameof(options.WebhookSecret), "is not set, so anybody could report images", "set a random secret of 32 characters here and at the sender");
        else if (options.WebhookSecret.Length < SharedSecretAuthenticator.MinSecretLength || options.WebhookSecret.Any(char.IsControl))
            Add(problems, nameof(options.WebhookSecret), $"is shorter than {SharedSecretAuthenticator.MinSecretLength} characters or holds control characters", "use a random secret of 32 letters and digits");
    }

    private static void CheckHosts(List<string> problems, string option, IList<string> hosts)
    {
        for (int i = 0; i < hosts.Count; i++)
            if (string.IsNullOrWhiteSpace(hosts[i]) || !Uri.TryCreate($"https://{hosts[i]}/", UriKind.Absolute, out var uri) || uri.AbsolutePath != "/" || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
                Add(problems, $"{option}:{i}", "is not a host", "write it without scheme and path, such as auth.example.org or auth.example.org:8443");
    }

    private static void CheckRepositories(List<string> problems, OciOptions options)
    {
        if (options.Repositories.Count is 0 or > OciOptions.MaxRepositories)
            Add(problems, nameof(options.Repositories), $"lists {options.Repositories.Count} repositories", $"list 1 to {OciOptions.MaxRepositories}, each with Name: images of others are ignored");
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < options.Repositories.Count; i++)
        {
            var repository = options.Repositories[i];
            string path = $"{nameof(options.Repositories)}:{i}:";
            if (ImageRepository.Normalize(repository.Name) is not { } name)
                Add(problems, path + nameof(repository.Name), "is not the name of an image repository", "write it as the registry does, without host and tag, such as acme/web");
            else if (!seen.TryAdd(name, i))
                Add(problems, path + nameof(repository.Name), $"names the same repository as {Section}:Repositories:{seen[name]}", "remove one of them");
            if (repository.GitRepository is { } git && !GitRemote.IsName(git))
                Add(problems, path + nameof(repository.GitRepository), "is not owner/name", "name the repository that the images are built from, such as acme/web, or leave it out");
        }
    }

    private static void Add(List<string> problems, string option, string what, string fix) => problems.Add($"{Section}:{option} {what}; {fix}.");
}
