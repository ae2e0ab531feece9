namespace ClosedLoop.Adapters.CDEvents.Outgoing;

/// <summary>Checks the sink's options; each problem names the option's path and how to fix it, and never repeats a secret.</summary>
internal static class CDEventsSinkOptionsValidation
{
    public const string Section = "Sinks";

    public static List<string> Problems(CDEventsSinkOptions options)
    {
        var problems = new List<string>();
        string path = $"{Section}:{options.Name}:";
        if (string.IsNullOrEmpty(options.Name) || !options.Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            Add(nameof(options.Name), "is not a name", "use lower-case letters, digits and '-'");
        if (options.Address is not { IsAbsoluteUri: true } address || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            Add(nameof(options.Address), "is not an absolute http or https address", "set where events are to be posted");
        else if (address.UserInfo.Length > 0) Add(nameof(options.Address), "holds a user name or password", "remove it and set Token or Secret");
        if (string.IsNullOrWhiteSpace(options.Source) || options.Source.Length > 200 || !Uri.IsWellFormedUriString(options.Source, UriKind.RelativeOrAbsolute))
            Add(nameof(options.Source), "is not a URI reference", "use one such as /closedloop or https://closedloop.example.org");
        if (!Enum.IsDefined(options.Version)) Add(nameof(options.Version), $"is {options.Version}", "use V05 or V04");
        if (!Enum.IsDefined(options.Mode)) Add(nameof(options.Mode), $"is {options.Mode}", "use Structured or Binary");
        if (string.IsNullOrWhiteSpace(options.CursorFile)) Add(nameof(options.CursorFile), "is not set, so that a restart would lose or repeat the log", "name a file that is kept, such as /var/lib/closedloop/cdevents.cursor");
        else if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(options.CursorFile)))) Add(nameof(options.CursorFile), "is in a directory that does not exist", "create the directory, and let this process write there");
        if (options.Secret is { } secret && (secret.Trim().Length < SharedSecretAuthenticator.MinSecretLength || secret.Any(char.IsControl)))
            Add(nameof(options.Secret), $"is shorter than {SharedSecretAuthenticator.MinSecretLength} characters or holds control characters", "use a random secret of 32 letters and digits, or leave it out to send unsigned");
        if (options.Token is { } token && (token.Length == 0 || token.Any(static c => char.IsWhiteSpace(c) || !char.IsAscii(c) || char.IsControl(c))))
            Add(nameof(options.Token), "is empty or holds characters that a header cannot", "copy the token again, or leave it out");
        if (options.Timeout < TimeSpan.FromSeconds(1) || options.Timeout > TimeSpan.FromMinutes(5)) Add(nameof(options.Timeout), $"is {options.Timeout}", "use 1 second to 5 minutes");
        if (options.PollInterval < TimeSpan.FromMilliseconds(10) || options.PollInterval > TimeSpan.FromHours(1)) Add(nameof(options.PollInterval), $"is {options.PollInterval}", "use 10 ms to 1 hour");
        return problems;

        void Add(string option, string what, string fix) => problems.Add($"{path}{option} {what}; {fix}.");
    }
}
