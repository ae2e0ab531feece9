namespace ClosedLoop.Adapters.Oci;

/// <summary>Who sends the webhooks, and so how they are written and signed. Every registry is read in the same way.</summary>
public enum OciFlavour
{
    /// <summary>The CNCF distribution registry (<c>registry:2</c>, <c>registry:3</c>) and those built on it: notifications with a static header.</summary>
    Distribution = 0,

    /// <summary>Harbor: its default format and CloudEvents, with the configured authentication header.</summary>
    Harbor = 1,

    /// <summary>GitHub's container registry: the events <c>package</c> and <c>registry_package</c> of GitHub, signed by HMAC.</summary>
    Ghcr = 2,
}
