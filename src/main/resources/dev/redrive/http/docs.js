// Copyright the Redrive authors
// SPDX-License-Identifier: Apache-2.0

// No validator: it would send the address of this server elsewhere.
window.ui = SwaggerUIBundle({
  url: 'openapi.yaml',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
});
