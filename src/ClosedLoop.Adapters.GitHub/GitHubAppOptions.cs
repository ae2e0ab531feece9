namespace ClosedLoop.Adapters.GitHub;

/// <summary>
/// A GitHub App that is installed where the repositories are, instead of a token of a person: its installation tokens end after an hour and are
/// fetched anew before that. Mutable while the application is configured.
/// </summary>
public sealed class GitHubAppOptions
{
    /// <summary>The App's client id (<c>Iv23li…</c>) or its App id (a number), both on the App's page. Required.</summary>
    public string? ClientId { get; set; }

    /// <summary>The installation's number: the last part of the address of its settings page. Required.</summary>
    public long InstallationId { get; set; }

    /// <summary>
    /// The App's private key as GitHub gave it to download: the text of the PEM file, <c>-----BEGIN RSA PRIVATE KEY-----</c> and so on, RSA with 2048 bits or
    /// more. Required; never logged, stored or sent.
    /// </summary>
    public string? PrivateKey { get; set; }
}
