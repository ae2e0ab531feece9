namespace ClosedLoop.Adapters.Health;

/// <summary>Checks the rules of alerts and the secrets of the sender; no problem repeats a secret.</summary>
internal static class AlertRuleValidation
{
    private const int MaxLabels = 20, MaxNameLength = 55;

    public static void Check(List<string> problems, HealthOptions options, Dictionary<string, string> names)
    {
        for (int i = 0; i < options.Alerts.Count; i++) Check(problems, $"{nameof(options.Alerts)}:{i}", options.Alerts[i], names);
        bool hasUser = options.AlertUserName is not null, hasPassword = options.AlertPassword is not null;
        if (options.Alerts.Count > 0 && options.AlertToken is null && !hasUser && !hasPassword)
            Add(problems, nameof(options.AlertToken), "is not set, so anybody could report anything", "set it to the token of Alertmanager's http_config, or set Health:AlertUserName and Health:AlertPassword");
        CheckSecret(problems, nameof(options.AlertToken), options.AlertToken);
        CheckSecret(problems, nameof(options.PreviousAlertToken), options.PreviousAlertToken);
        CheckSecret(problems, nameof(options.AlertPassword), options.AlertPassword);
        if (options.PreviousAlertToken is not null && options.AlertToken is null) Add(problems, nameof(options.PreviousAlertToken), "is set without AlertToken", "set Health:AlertToken");
        if (hasUser != hasPassword) Add(problems, hasUser ? nameof(options.AlertPassword) : nameof(options.AlertUserName), "is not set but its counterpart is", "set both, or neither");
        if (options.AlertUserName is { } user && (user.Length is 0 or > 100 || user.Contains(':', StringComparison.Ordinal) || user.Any(char.IsControl)))
            Add(problems, nameof(options.AlertUserName), "is empty, too long, or holds a colon or control characters", "use the user name of Alertmanager's basic_auth");
    }

    private static void Check(List<string> problems, string path, AlertRule rule, Dictionary<string, string> names)
    {
        string name = $"{path}:{nameof(rule.Name)}";
        if (!HealthOptionsValidation.IsName(rule.Name) || rule.Name.Length > MaxNameLength) Add(problems, name, $"is not a name of at most {MaxNameLength} lower-case letters, digits and '-'", "use one such as shop-alerts");
        else if (!names.TryAdd(rule.Name, path)) Add(problems, name, $"is the name of {HealthOptionsValidation.Section}:{names[rule.Name]} too", "give each its own: it is the writer of its facts");
        else if (rule.ResolvedPasses && !names.TryAdd(rule.Name + AlertSettings.ResolvedSuffix, path)) Add(problems, name, $"with {AlertSettings.ResolvedSuffix} is the name of {HealthOptionsValidation.Section}:{names[rule.Name + AlertSettings.ResolvedSuffix]} too", "use another one");
        HealthOptionsValidation.CheckPlace(problems, path, rule.Environment, rule.Target, rule.Gate, rule.Repository);
        if (rule.Labels.Count is 0 or > MaxLabels || rule.Labels.Any(static l => !IsLabel(l.Key) || !HealthOptionsValidation.IsText(l.Value)))
            Add(problems, $"{path}:{nameof(rule.Labels)}", $"is empty, has more than {MaxLabels} labels, or one that is none", "name what an alert must have, such as service = shop");
        if (rule.VersionLabel is { } label && !IsLabel(label)) Add(problems, $"{path}:{nameof(rule.VersionLabel)}", "is not a label's name", "use one such as revision");
        if (rule.ResolvedPasses && rule.VersionLabel is null) Add(problems, $"{path}:{nameof(rule.VersionLabel)}", "is not set, but ResolvedPasses is: what ends would be well of no version", "set it to the label that holds the version");
    }

    private static void CheckSecret(List<string> problems, string option, string? secret)
    {
        if (secret is not null && (secret.Length < SharedSecretAuthenticator.MinSecretLength || secret.Any(char.IsControl)))
            Add(problems, option, $"is shorter than {SharedSecretAuthenticator.MinSecretLength} characters or holds control characters", "use a random one of 32 letters and digits");
    }

    private static bool IsLabel(string? name) => name is { Length: > 0 and <= 100 } && !char.IsAsciiDigit(name[0]) && name.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    private static void Add(List<string> problems, string option, string what, string fix) => problems.Add($"{HealthOptionsValidation.Section}:{option} {what}; {fix}.");
}
