namespace ClosedLoop.Alerting.Sinks;

/// <summary>What the options of a signed webhook must be.</summary>
internal static class WebhookOptionsRules
{
    private const int MaxSecrets = 5;

    public static SinkProblems Check(string path, IncidentWebhookOptions options)
    {
        var problems = new SinkProblems(path, options);
        problems.Address(nameof(options.Url), options.Url, "set where incidents are to be posted");
        if (options.Secrets.Count is 0 or > MaxSecrets) problems.Add(nameof(options.Secrets), $"lists {options.Secrets.Count} secrets", $"list 1 to {MaxSecrets}, each whsec_ and 32 random bytes in Base64, as `echo whsec_$(openssl rand -base64 32)` prints");
        for (int i = 0; i < options.Secrets.Count; i++)
            if (WebhookSigner.Key(options.Secrets[i]) is null) problems.Add($"{nameof(options.Secrets)}:{i}", "is not a secret", "use whsec_ and 24 to 64 random bytes in Base64, as `echo whsec_$(openssl rand -base64 32)` prints");
        return problems;
    }
}
