namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>
/// One step of a history. The numbers choose among what the world has at that moment, so that a history stays playable when steps
/// before it are taken out.
/// </summary>
internal readonly record struct Step(Move Move, int A = 0, int B = 0, int C = 0, int D = 0);
