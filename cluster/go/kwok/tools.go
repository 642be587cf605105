//go:build tools

// Package tools names the kwok program that runs virtual nodes, so that go.mod pins it.
package tools

import (
	_ "sigs.k8s.io/kwok/cmd/kwok"
)
