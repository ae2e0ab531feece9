using System.Text.Json.Nodes;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox.GitOps;

/// <summary>How one system shows its objects, and tells of them.</summary>
internal interface IGitOpsView
{
    /// <summary>The group and version of its objects, and what they are called in an address.</summary>
    (string GroupVersion, string Plural) Resource { get; }

    /// <summary>The kind of its lists.</summary>
    string ListKind { get; }

    /// <summary>The namespace of its objects.</summary>
    string Namespace { get; }

    /// <summary>An object as the cluster keeps it.</summary>
    JsonObject Object(GitOpsObject item);

    /// <summary>Sends what the system sends about the step that an object has just taken.</summary>
    void Tell(GitOpsObject item, RolloutStep step);
}
