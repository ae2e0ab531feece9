namespace ClosedLoop.Testing.Sandbox.Webhooks;

/// <summary>Which system a webhook comes from; also the last segment of the address that it goes to.</summary>
internal enum WebhookTarget
{
    GitHub,
    GitLab,
    Gitea,
    Jenkins,
    Registry,
    ArgoCD,
    Flux,
    ArgoRollouts,
    CDEvents,
}
